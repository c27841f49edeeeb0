// Looking for bytes in text, 16 at a time where the processor can (SSE2: each 64-bit x86), else one by one. What the
// scanners skip with: they read only what can matter. All functions take a range and give its end where there is none.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace resident::interest {

inline const char* find_byte(const char* at, const char* end, char byte) {
  if (at >= end) return end;
  const void* found = std::memchr(at, byte, static_cast<std::size_t>(end - at));
  return found ? static_cast<const char*>(found) : end;
}

// The first of any of these bytes.
template <class... Bytes>
const char* find_any(const char* at, const char* end, Bytes... bytes) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    __m128i equal = _mm_setzero_si128();
    ((equal = _mm_or_si128(equal, _mm_cmpeq_epi8(block, _mm_set1_epi8(bytes)))), ...);
    if (const int mask = _mm_movemask_epi8(equal)) return at + __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  for (; at < end; ++at)
    if (((*at == bytes) || ...)) return at;
  return end;
}

// The first place of `word` that does not begin before `at`; `first` and `second` are places in the word of two bytes
// that seldom stand so.
inline const char* find_word(const char* at, const char* end, std::string_view word, std::size_t first,
                             std::size_t second) {
  const auto size = static_cast<std::ptrdiff_t>(word.size());
#ifdef __SSE2__
  const __m128i one = _mm_set1_epi8(word[first]), other = _mm_set1_epi8(word[second]);
  for (; end - at >= size + 16; at += 16) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + first));
    const __m128i there = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + second));
    auto mask = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(here, one), _mm_cmpeq_epi8(there, other))));
    for (; mask; mask &= mask - 1) {
      const char* place = at + __builtin_ctz(mask);
      if (std::memcmp(place, word.data(), word.size()) == 0) return place;
    }
  }
#endif
  for (; end - at >= size; ++at) {
    if (at[first] == word[first] && at[second] == word[second] && std::memcmp(at, word.data(), word.size()) == 0)
      return at;
  }
  return end;
}

}  // namespace resident::interest

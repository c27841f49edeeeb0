// Values as bytes and back, for what the program keeps for itself and can make anew: compact,
// quick to read, the same on every machine. Whole numbers take as many bytes as they need
// (LEB128), others are IEEE 754 in little-endian order. Reading checks every length: bytes that were
// cut or come from elsewhere end in an Error, never beyond the end.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace resident {

static_assert(std::endian::native == std::endian::little, "packed values are little-endian");

class Packer {
 public:
  void whole(std::uint64_t value);
  void signed_whole(std::int64_t value);
  void text(std::string_view value);
  void number(double value) { raw(&value, sizeof value); }
  // As they stand in memory; for many numbers of one kind.
  template <class T>
  void numbers(const std::vector<T>& values) {
    static_assert(std::is_arithmetic_v<T>);
    whole(values.size());
    raw(values.data(), values.size() * sizeof(T));
  }
  std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* from, std::size_t count) {
    if (count) bytes_.append(static_cast<const char*>(from), count);
  }
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Each throws Error where the bytes end before the value does.
  std::uint64_t whole() {
    const auto first = static_cast<unsigned char>(at_ == end_ ? 0x80 : *at_);
    if (first < 0x80) return ++at_, first;  // the commonest by far
    return long_whole();
  }
  std::int64_t signed_whole();
  std::string_view text();
  double number();
  template <class T>
  std::vector<T> numbers() {
    static_assert(std::is_arithmetic_v<T>);
    const std::size_t count = this->count(sizeof(T));
    std::vector<T> values(count);
    raw(values.data(), count * sizeof(T));
    return values;
  }
  // A count of things of at least so many bytes each, which have to be there.
  std::size_t count(std::size_t least_bytes);
  // Throws Error unless all has been read.
  void finish() const;

 private:
  std::uint64_t long_whole();
  void raw(void* to, std::size_t count);
  const char* at_;
  const char* end_;
};

}  // namespace resident

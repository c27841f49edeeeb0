// Large pages for memory that is about to be filled: where megabytes are written once, a good part of the time goes
// into the faults of small ones. A wish, which the system may leave alone.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace resident {

// What lies wholly within it, of an allocation that is at least a few of them long. Nothing else is touched.
inline void prefer_large_pages(const void* begin, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 2U << 20U;
  if (bytes < 4 * kPage) return;
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const std::uintptr_t first = (address + kPage - 1) / kPage * kPage, last = (address + bytes) / kPage * kPage;
  madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

}  // namespace resident

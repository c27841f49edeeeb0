#include <zstd.h>

#include <base/compression.hpp>
#include <base/error.hpp>
#include <memory>

namespace resident {

std::string compress(std::string_view bytes) {
  static thread_local std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  std::string result(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), result.data(), result.size(), bytes.data(), bytes.size(), 3);
  if (ZSTD_isError(size)) throw Error(std::string("cannot compress: ") + ZSTD_getErrorName(size));
  result.resize(size);
  return result;
}

std::string decompress(std::string_view bytes, std::size_t max_bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) throw Error("a stored payload is damaged");
  if (size > max_bytes) throw Error("a stored payload is larger than allowed");
  std::string result(size, '\0');
  const std::size_t done = ZSTD_decompress(result.data(), result.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(done) || done != size) throw Error("a stored payload is damaged");
  return result;
}

}  // namespace resident

#include <base/error.hpp>
#include <base/packed.hpp>

namespace resident {

namespace {

[[noreturn]] void broken() {
  throw Error("packed bytes end too early, or are none");
}

}  // namespace

void Packer::whole(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_ += static_cast<char>(static_cast<unsigned char>(value | 0x80));
    value >>= 7;
  }
  bytes_ += static_cast<char>(value);
}

// Zigzag: small numbers of either sign are short.
void Packer::signed_whole(std::int64_t value) {
  whole((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void Packer::text(std::string_view value) {
  whole(value.size());
  raw(value.data(), value.size());
}

std::uint64_t Unpacker::long_whole() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at_++);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  broken();
}

std::int64_t Unpacker::signed_whole() {
  const std::uint64_t value = whole();
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

std::size_t Unpacker::count(std::size_t least_bytes) {
  const std::uint64_t value = whole();
  if (value > static_cast<std::uint64_t>(end_ - at_) / (least_bytes ? least_bytes : 1)) broken();
  return static_cast<std::size_t>(value);
}

std::string_view Unpacker::text() {
  const std::size_t size = count(1);
  const std::string_view result(at_, size);
  at_ += size;
  return result;
}

double Unpacker::number() {
  double value = 0;
  raw(&value, sizeof value);
  return value;
}

void Unpacker::raw(void* to, std::size_t count) {
  if (static_cast<std::size_t>(end_ - at_) < count) broken();
  if (count) std::memcpy(to, at_, count);
  at_ += count;
}

void Unpacker::finish() const {
  if (at_ != end_) throw Error("packed bytes go on after their end");
}

}  // namespace resident

#include <openssl/evp.h>

#include <array>
#include <base/error.hpp>
#include <views/content_hash.hpp>

namespace resident {

std::string content_hash(std::string_view content) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 ||
      length != digest.size())
    throw Error("OpenSSL has no SHA-256 here");
  std::array<unsigned char, 4 * 11 + 1> text{};  // 44 characters and a NUL
  const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return "sha256-" + std::string(text.begin(), text.begin() + size);
}

}  // namespace resident

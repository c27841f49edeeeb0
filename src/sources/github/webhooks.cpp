#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/github/webhooks.hpp>
#include <sources/json/json_reader.hpp>

namespace resident::github {

namespace {

constexpr std::string_view kPrefix = "sha256=";
constexpr std::size_t kLongestId = 100, kLongestName = 60;
constexpr std::size_t kMostItems = 100;                 // of one delivery
constexpr std::int64_t kLargestNumber = 2'147'483'647;  // GraphQL's integers end there

// Events that change nothing of what is kept.
bool is_of_no_use(std::string_view event) {
  static const std::set<std::string_view> list{"ping",
                                               "star",
                                               "watch",
                                               "fork",
                                               "gollum",
                                               "public",
                                               "member",
                                               "membership",
                                               "organization",
                                               "team",
                                               "team_add",
                                               "sponsorship",
                                               "page_build",
                                               "meta",
                                               "installation",
                                               "installation_repositories",
                                               "github_app_authorization",
                                               "deploy_key",
                                               "package",
                                               "marketplace_purchase",
                                               "org_block"};
  return list.contains(event);
}

}  // namespace

std::string signature_of(std::string_view secret, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &length))
    throw Error("the signature cannot be computed");
  std::string text(kPrefix);
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view header) {
  if (secret.empty()) return false;
  const std::string wanted = signature_of(secret, body);
  return header.size() == wanted.size() && CRYPTO_memcmp(header.data(), wanted.data(), wanted.size()) == 0;
}

Delivery read_delivery(const std::string& id, const std::string& event, std::string_view body) {
  const auto is_plain = [](const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
  };
  if (!is_plain(id, kLongestId)) throw Error("a delivery without a proper X-GitHub-Delivery");
  if (!is_plain(event, kLongestName)) throw Error("a delivery without a proper X-GitHub-Event");
  if (body.starts_with("payload=")) throw Error("a form, not JSON: set the webhook's content type to application/json");
  json::Parser parser(kLargestDelivery + 64);
  const json::Object payload(json::parse(parser, body), "payload");
  Delivery delivery{id, event, one_line(clean_text(payload.text("action"), kLongestName)), {}, {}};
  const auto speaks_of = [&](std::optional<std::int64_t> number) {
    if (!number) return;
    if (*number < 1 || *number > kLargestNumber) throw Error("a number that no issue or pull request can have");
    if (std::find(delivery.numbers.begin(), delivery.numbers.end(), *number) == delivery.numbers.end() &&
        delivery.numbers.size() < kMostItems)
      delivery.numbers.push_back(*number);
  };
  for (const char* key : {"issue", "pull_request"})
    if (const auto item = payload.object(key)) speaks_of(item->integer("number"));
  if (delivery.numbers.empty()) speaks_of(payload.integer("number"));
  // Checks name the pull requests they are of: all that have the commit as their head.
  const bool is_of_one = !delivery.numbers.empty();
  for (const char* key : {"check_run", "check_suite", "workflow_run"}) {
    const auto run = payload.object(key);
    const auto pulls = run ? run->array("pull_requests") : std::nullopt;
    if (!pulls || is_of_one) continue;
    for (const json::Element pull : *pulls) speaks_of(json::Object(pull, "pull_request").integer("number"));
  }
  if (is_of_no_use(event)) {
    delivery.ignored = "nothing of it is kept";
  } else if (delivery.numbers.empty()) {
    delivery.ignored = "it speaks of no issue or pull request; the next sync reads it";
  }
  return delivery;
}

}  // namespace resident::github

#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <server/page_request.hpp>
#include <server/routes.hpp>

namespace resident::server {

namespace {

// GitHub sends at most 25 MB (docs.github.com, "Webhook events and payloads", November 2026).
constexpr std::size_t kLargestWebhook = (std::size_t{25} << 20) + (std::size_t{64} << 10);
// A comment of 60,000 bytes takes three times as much where each is written as %XX.
constexpr std::size_t kLargestForm = std::size_t{1} << 20;

bool is_known_host(const Request& request, const RouteRules& rules) {
  const std::string name = host_name(std::string(request.header("Host")));
  const bool is_known = name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name == to_lower(rules.host) ||
                        std::any_of(rules.names.begin(), rules.names.end(),
                                    [&](const std::string& each) { return name == to_lower(each); });
  return is_known && request.header_count("Host") == 1;
}

std::variant<Routed, Refusal> route_form(const Request& head) {
  if (!is_from_here(head))
    return Refusal{kForbidden, "Not from this page", "This was not sent by a page of this server.",
                   "reload the page and send it again"};
  if (head.content_length.value_or(0) > kLargestForm)
    return Refusal{kTooLarge, "Too long", "What was typed is longer than is taken: the form was not read.",
                   "go back in your browser, where it still stands, and shorten it (a comment has at most 60,000 "
                   "bytes, a note 10,000)"};
  return Routed{Route::form, kLargestForm};
}

}  // namespace

std::variant<Routed, Refusal> route(const Request& head, const RouteRules& rules) {
  const bool is_post = head.method == "POST";
  // Whoever the Host header names: deliveries come by way of a proxy, and are known by their signature.
  if (rules.takes_webhooks && is_post && head.path.starts_with(kWebhooks) && head.path.size() > kWebhooks.size() &&
      head.path.find('/', kWebhooks.size()) == std::string::npos)
    return Routed{Route::webhook, kLargestWebhook};
  if (!is_known_host(head, rules))
    return Refusal{kMisdirected, "Unknown host name", "This server answers to localhost and 127.0.0.1 alone.",
                   fmt::format("open http://127.0.0.1:{}/", rules.port)};
  if (!rules.user_header.empty() && head.path != "/health" &&
      (head.header_count(rules.user_header) != 1 || trim(head.header(rules.user_header)).empty()))
    return Refusal{kForbidden, "Not signed in", "Whoever asks has to be named by the proxy in front of this server.",
                   "sign in there; it names you in the header that --user-header says"};
  if (rules.takes_forms && is_post && head.path == "/plan") return route_form(head);
  if (head.method != "GET" && head.method != "HEAD")
    return Refusal{kNotAllowed, "Only reading", "The dashboard can be read, not written to.", ""};
  if (head.path == kStatePath) return Routed{Route::state, 0};
  return Routed{head.path == "/health" ? Route::health : head.path.starts_with(kApi) ? Route::json : Route::page, 0};
}

}  // namespace resident::server

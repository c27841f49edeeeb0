#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <base/text.hpp>
#include <net/forge.hpp>
#include <net/token.hpp>
#include <sources/forge/api.hpp>

namespace resident::live {

namespace {

constexpr int kAttemptsAtJson = 3;
constexpr int kMostPages = 100'000;  // of one list: a forge whose pages go round in a circle is left

std::optional<std::int64_t> count_of(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

// User and password as the header takes them; that form is as secret as they are.
http::Token basic(const http::Token& token) {
  const std::string& plain = token.reveal();
  std::string text(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  text.resize(static_cast<std::size_t>(std::max(0, size)));
  const http::Token encoded(text);
  remember_secret(encoded);
  return encoded;
}

}  // namespace

Place parse_place(const std::string& text) {
  std::string rest(trim(text)), scheme = "https";
  for (const std::string_view each : {"https", "http"})
    if (rest.starts_with(std::string(each) + "://")) {
      scheme = each;
      rest.erase(0, each.size() + 3);
      break;
    }
  rest.resize(std::min(rest.size(), rest.find_first_of("?#")));
  Place place;
  place.host = to_lower(rest.substr(0, rest.find('/')));
  if (place.host.empty() || place.host.find_first_of("@ :\t\\") != place.host.find(':') ||
      (place.host.find('.') == std::string::npos && place.host.find(':') == std::string::npos &&
       place.host != "localhost"))
    throw Error(ErrorKind::usage, fmt::format("{} is no address of a server", one_line(text.substr(0, 200))),
                "write it like https://HOST/OWNER/NAME");
  if (const std::size_t slash = rest.find('/'); slash != std::string::npos) place.path = rest.substr(slash + 1);
  if (const std::size_t dash = place.path.find("/-/"); dash != std::string::npos) place.path.resize(dash);
  while (place.path.ends_with('/')) place.path.pop_back();
  if (place.path.ends_with(".git")) place.path.resize(place.path.size() - 4);
  place.origin = scheme + "://" + place.host;
  return place;
}

Page::Page(http::Response response) : parser_(std::make_unique<json::Parser>()), next_(response.next_page()) {
  // Gerrit puts it before its JSON, so that no page can take the answer for a script.
  constexpr std::string_view kNoScript = ")]}'";
  std::string_view body = response.body;
  if (body.starts_with(kNoScript)) body.remove_prefix(kNoScript.size());
  root_ = json::parse(*parser_, body);
  for (const std::string_view name : {"x-total", "x-total-count"})
    if (const auto count = count_of(response.header(name))) total_ = count;
}

Api::Api(const Place& place, const ApiShape& shape, const SyncOptions& options) {
  const Config none;
  const Config& config = options.config ? *options.config : none;
  const ForgeConfig forge = config.forge(place.host);
  base_ = forge.api_url.empty() ? place.origin + std::string(shape.path) : forge.api_url;
  while (base_.ends_with('/')) base_.pop_back();
  http::TransportOptions transport;
  transport.total_seconds = forge.timeout_seconds;
  transport.allow_plain_http = forge.allow_plain_http;
  transport.ca_file = forge.ca_file;
  http::ClientOptions client;
  const std::vector<std::string> usual = shape.token_variable.empty()
                                             ? usual_token_variables(std::string(shape.kind), place.host)
                                             : std::vector{std::string(shape.token_variable)};
  client.token = find_token(config, place.host, usual).token;
  const bool is_password = shape.takes_password && client.token.reveal().find(':') != std::string::npos;
  if (is_password) client.token = basic(client.token);
  client.token_origin = http::origin_of(base_);
  client.token_header = shape.token_header;
  client.token_prefix = is_password ? "Basic " : shape.token_prefix;
  client.max_wait = options.max_wait;
  has_token_ = !client.token.empty();
  client_ = std::make_unique<http::Client>(http::curl_transport(transport), http::system_waiter(), client);
}

std::optional<Page> Api::object(const http::Request& request, Shape shape) {
  std::string reason;
  for (int attempt = 0; attempt < kAttemptsAtJson; ++attempt) {
    http::Response response = client_->send(request);
    if (response.status >= 400) return std::nullopt;
    try {
      Page page(std::move(response));
      const bool is_right = shape == Shape::list ? page.root().is_array() : page.root().is_object();
      if (is_right) return page;
      reason = shape == Shape::list ? "no list" : "no object";
    } catch (const Error& error) {
      reason = error.what();
    }
  }
  throw http::ServerTrouble(
      fmt::format("{} answered what is {}", one_line(request.url.substr(0, request.url.find('?'))), reason), 200);
}

std::optional<Page> Api::get(const std::string& path, Shape shape) {
  return object({"GET", path.starts_with("http") ? path : base_ + path, {{"Accept", "application/json"}}}, shape);
}

std::optional<Page> Api::ask(const std::string& path, const std::string& json) {
  http::Request request{"POST",
                        path.starts_with("http") ? path : base_ + path,
                        {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
                        json,
                        true};
  return object(request, Shape::object);
}

std::optional<Page> Api::get_if_allowed(const std::string& path, const std::string& welcome, bool& is_hidden,
                                        Shape shape) {
  is_hidden = false;
  try {
    return get(path, shape);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::authentication) throw;
    if (has_token_) get_text(welcome, "application/json");
    is_hidden = true;
    return std::nullopt;
  }
}

std::optional<std::string> Api::get_text(const std::string& path, const std::string& accept) {
  http::Response response = client_->get(path.starts_with("http") ? path : base_ + path, {{"Accept", accept}});
  if (response.status >= 400) return std::nullopt;
  return std::move(response.body);
}

bool Api::each(const std::string& path, const std::function<bool(const json::Element&)>& take) {
  const std::string shown = one_line(path.substr(0, path.find('?')));
  std::string next = path;
  for (int number = 0; number < kMostPages && !next.empty(); ++number) {
    const auto page = get(next, Shape::list);
    if (!page && number == 0) return false;
    if (!page) throw http::ServerTrouble(fmt::format("page {} of {} is not there", number + 1, shown), 404);
    json::Array list;
    if (page->root().get(list)) throw Error(fmt::format("{}: expected a list", shown));
    for (const json::Element element : list)
      if (!take(element)) return true;
    if (page->next() == next)
      throw http::ServerTrouble(fmt::format("page {} of {} leads to itself", number + 1, shown), 200);
    next = page->next();
  }
  if (!next.empty()) throw Error(fmt::format("{} has more than {} pages", shown, kMostPages));
  return true;
}

std::string minified(const json::Element& element) {
  return simdjson::minify(element);
}

bool is_of_one_record(const Error& error) {
  // A server that cannot answer for this one thing may for the next; a limit or a refused token is no record's.
  if (dynamic_cast<const http::ServerTrouble*>(&error))
    return static_cast<const http::ServerTrouble&>(error).status > 0;
  return error.kind() == ErrorKind::failed;
}

}  // namespace resident::live

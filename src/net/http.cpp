#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <base/text.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <map>
#include <net/http.hpp>
#include <net/token.hpp>
#include <random>
#include <thread>

namespace resident::http {

namespace {

constexpr int kLimitWaits = 30;        // of one request, for limits; beyond: the forge is not willing today
constexpr double kSecondaryWait = 60;  // GitHub: "wait for at least one minute"
constexpr double kFirstRetryWait = 1;  // seconds; doubles with each attempt
constexpr double kLongestRetryWait = 60;
constexpr std::size_t kMessageLength = 300;  // of a forge's message in an error

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && to_lower(a) == to_lower(b);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > 15) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

// "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110, 5.6.7).
std::optional<Timestamp> http_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end) return std::nullopt;
  return static_cast<Timestamp>(timegm(&parts));
}

// The first header of these names that there is.
std::string_view any_header(const Response& response, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto value = response.header(name); !value.empty()) return value;
  return {};
}

bool speaks_of_limits(const Response& response) {
  return contains_ignoring_case(response.body, "rate limit") || contains_ignoring_case(response.body, "abuse") ||
         contains_ignoring_case(response.body, "too many requests");
}

// What the forge says of a refusal, in a line.
std::string message_of(const Response& response) {
  const std::size_t at = response.body.find("\"message\"");
  std::string text;
  if (at != std::string::npos) {
    const std::size_t begin = response.body.find('"', response.body.find(':', at));
    const std::size_t end = begin == std::string::npos ? begin : response.body.find('"', begin + 1);
    if (end != std::string::npos) text = response.body.substr(begin + 1, end - begin - 1);
  }
  return redact(one_line(clean_text(text, kMessageLength)));
}

std::string without_query(std::string_view url) {
  return redact(one_line(clean_text(url.substr(0, url.find('?')), kMessageLength)));
}

class SystemWaiter : public Waiter {
 public:
  SystemWaiter() {
    // For tests against a loopback server: waits are shortened by this factor, and the
    // clock goes on as if they had not been.
    if (const char* scale = std::getenv("RESIDENT_WAIT_SCALE"); scale && *scale)
      scale_ = std::clamp(std::strtod(scale, nullptr), 0.0, 1.0);
  }
  Timestamp now() override {
    return static_cast<Timestamp>(std::time(nullptr)) + static_cast<Timestamp>(std::ceil(skipped_));
  }
  void wait(double seconds, const std::string& why) override {
    if (seconds >= 3 && isatty(STDERR_FILENO) == 1) {
      const std::string text = fmt::format("\r\033[Kwaiting {} ({})\n", format_duration(seconds), redact(why));
      (void)!::write(STDERR_FILENO, text.data(), text.size());
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds * scale_));
    skipped_ += seconds * (1 - scale_);
  }

 private:
  double scale_ = 1, skipped_ = 0;
};

}  // namespace

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equals_ignoring_case(key, name)) return value;
  return {};
}

// Link: <https://…?page=2>; rel="next", <…>; rel="last" (RFC 8288).
std::string Response::next_page() const {
  std::string_view rest = header("link");
  while (!rest.empty()) {
    const std::size_t open = rest.find('<'), close = rest.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return {};
    const std::size_t end = std::min(rest.find(",", close), rest.size());
    const std::string_view parameters = rest.substr(close + 1, end - close - 1);
    if (parameters.find("rel=\"next\"") != std::string_view::npos ||
        parameters.find("rel=next") != std::string_view::npos)
      if (const std::string target(rest.substr(open + 1, close - open - 1)); !target.empty()) {
        const std::string next = resolve(url, target);
        return next.empty() ? target
                            : next;  // one that can't be read fails when it is asked for, instead of ending the list
      }
    rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
  }
  return {};
}

TransportError::TransportError(Reason given, const std::string& message) : Error(message), reason(given) {}

std::unique_ptr<Waiter> system_waiter() {
  return std::make_unique<SystemWaiter>();
}

bool is_repeatable(const Request& request) {
  return request.repeatable.value_or(request.method == "GET" || request.method == "HEAD");
}

bool is_loopback(std::string_view url) {
  std::string host = origin_of(url);
  host = host.substr(host.find("://") + 3);
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  // A name such as 127.0.0.1.example.org is not an address.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

struct Client::Implementation {
  std::unique_ptr<Transport> transport;
  std::unique_ptr<Waiter> waiter;
  ClientOptions options;
  ClientStatistics statistics = {};
  std::map<std::string, Budget, std::less<>> budgets = {};
  std::minstd_rand random{std::random_device{}()};
  int limit_waits = 0;  // of the request at hand

  void wait(double seconds, const std::string& why) {
    seconds = std::clamp(std::isfinite(seconds) ? seconds : options.longest_wait, 0.0, options.longest_wait);
    if (options.max_wait && seconds > *options.max_wait)
      throw Error(ErrorKind::incomplete,
                  fmt::format("{}: the wait of {} is longer than allowed", why, format_duration(seconds)),
                  fmt::format("run the same command again after {}; it resumes",
                              format_time(waiter->now() + static_cast<Timestamp>(std::ceil(seconds)))));
    statistics.waited_seconds += seconds;
    waiter->wait(seconds, why);
  }

  double jitter() { return std::uniform_real_distribution<double>(0.5, 1.0)(random); }

  static std::string resource_of(const std::string& url) {
    const std::string path = url.substr(0, url.find('?'));
    if (path.ends_with("/graphql")) return "graphql";
    return path.find("/search/") != std::string::npos ? "search" : "core";
  }

  // What the answer says of the budget; a limit of 0, or none, says nothing.
  void note_budget(const Response& response) {
    Budget budget;
    budget.limit = whole_number(any_header(response, {"x-ratelimit-limit", "ratelimit-limit"}));
    if (!budget.limit || *budget.limit == 0) return;
    budget.remaining = whole_number(any_header(response, {"x-ratelimit-remaining", "ratelimit-remaining"}));
    budget.reset_at = whole_number(any_header(response, {"x-ratelimit-reset", "ratelimit-reset"}));
    budget.resource = std::string(response.header("x-ratelimit-resource"));
    if (budget.resource.empty()) budget.resource = resource_of(response.url);
    budgets[budget.resource] = budget;
  }

  // Before a request: an exhausted budget is waited for rather than run into.
  void await_budget(const std::string& url) {
    const auto found = budgets.find(resource_of(url));
    if (found == budgets.end() || found->second.remaining != 0 || !found->second.reset_at) return;
    const double seconds = static_cast<double>(*found->second.reset_at - waiter->now());
    found->second.remaining.reset();  // whatever comes of it, it is asked anew
    if (seconds <= 0) return;
    wait(seconds + 1,
         fmt::format("the budget of {} is used up until {}", found->first, format_time(*found->second.reset_at)));
  }

  std::optional<double> retry_after(const Response& response) {
    const std::string value(trim(response.header("retry-after")));
    if (value.empty()) return std::nullopt;
    if (const auto seconds = whole_number(value)) return static_cast<double>(*seconds);
    if (const auto at = http_date(value)) return std::max<double>(0, static_cast<double>(*at - waiter->now()));
    return std::nullopt;
  }

  // Whether a refusal is a limit, and how long it asks to wait.
  std::optional<double> limit_wait(const Response& response) {
    if (response.status != 403 && response.status != 429) return std::nullopt;
    if (const auto seconds = retry_after(response)) return *seconds + 0.1;
    const auto limit = whole_number(any_header(response, {"x-ratelimit-limit", "ratelimit-limit"}));
    const auto remaining = whole_number(any_header(response, {"x-ratelimit-remaining", "ratelimit-remaining"}));
    if (limit.value_or(0) > 0 && remaining == 0) {
      const auto reset = whole_number(any_header(response, {"x-ratelimit-reset", "ratelimit-reset"}));
      const double seconds = reset ? static_cast<double>(*reset - waiter->now()) : kSecondaryWait;
      return std::max(1.0, seconds + 1);  // a reset in the past: the clocks differ, ask again soon
    }
    if (response.status == 429 || speaks_of_limits(response))
      return kSecondaryWait * std::pow(2.0, std::min(limit_waits, 5)) * jitter() + kSecondaryWait / 2;
    return std::nullopt;
  }

  Request prepared(const Request& request, const std::string& url) const {
    Request result = request;
    result.url = url;
    if (!options.token.empty() && !options.token_origin.empty() && origin_of(url) == origin_of(options.token_origin))
      result.headers.emplace_back(options.token_header, options.token_prefix + options.token.reveal());
    return result;
  }

  [[noreturn]] void refuse(const Response& response) const {
    const std::string said = message_of(response);
    const std::string what =
        fmt::format("{} answered {}{}", without_query(response.url), response.status, said.empty() ? "" : ": " + said);
    if (response.status == 401)
      throw Error(ErrorKind::authentication, what,
                  options.token.empty()
                      ? "give a token; `resident auth` says how"
                      : "the token is wrong or has expired; `resident auth` shows where it comes from");
    if (response.status == 403)
      throw Error(ErrorKind::authentication, what, "the token may lack a scope; `resident auth` shows those it has");
    throw Error(what);
  }
};

Client::Client(std::unique_ptr<Transport> transport, std::unique_ptr<Waiter> waiter, ClientOptions options)
    : implementation_(std::make_unique<Implementation>()) {
  remember_secret(options.token);
  implementation_->transport = std::move(transport);
  implementation_->waiter = std::move(waiter);
  implementation_->options = std::move(options);
}

Client::~Client() = default;

Response Client::get(const std::string& url, const Headers& headers) {
  return send({"GET", url, headers});
}

Response Client::send(const Request& request) {
  Implementation& self = *implementation_;
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  const bool repeatable = is_repeatable(request);
  std::string url = request.url, permanent;
  bool all_permanent = true;
  int redirects = 0;
  self.limit_waits = 0;
  for (int attempt = 1;; ++attempt) {
    self.await_budget(url);
    Response response;
    const bool is_last = attempt >= self.options.max_attempts || !repeatable;
    const double retry_wait = std::min(kLongestRetryWait, kFirstRetryWait * std::pow(2.0, attempt - 1));
    try {
      ++self.statistics.requests;
      response = self.transport->send(self.prepared(request, url));
    } catch (const TransportError& error) {
      // A certificate does not become better by asking again; a connection that was never made may be tried by anyone.
      if (error.reason == TransportError::Reason::tls) throw;
      const bool never_arrived = error.reason == TransportError::Reason::connect;
      if (attempt >= self.options.max_attempts || (!repeatable && !never_arrived))
        throw ServerTrouble(fmt::format("{}: {}", without_query(url), redact(error.what())), 0);
      ++self.statistics.retries;
      self.wait(retry_wait * self.jitter(), redact(error.what()));
      continue;
    }
    if (response.url.empty()) response.url = url;
    self.note_budget(response);
    const int status = response.status;
    if (const auto seconds = self.limit_wait(response)) {
      if (++self.limit_waits > kLimitWaits)
        throw Error(ErrorKind::incomplete, fmt::format("{} keeps refusing for its limits", without_query(url)),
                    "run the same command again later; it resumes");
      ++self.statistics.retries;
      --attempt;  // a limit is not a failure
      self.wait(*seconds, fmt::format("the forge's limit ({})", status));
      continue;
    }
    const bool is_redirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    if (is_redirect && !response.header("location").empty()) {
      const std::string target = resolve(url, std::string(response.header("location")));
      if (!target.starts_with("http://") && !target.starts_with("https://"))
        throw ServerTrouble(fmt::format("{} redirects to what is no web address", without_query(url)), status);
      if (++redirects > self.options.max_redirects)
        throw ServerTrouble(fmt::format("{} redirects in a circle", without_query(request.url)), status);
      // What was to be written goes nowhere else.
      if (!is_read && (status < 307 || origin_of(url) != origin_of(target))) self.refuse(response);
      if (origin_of(url).starts_with("https:") && !origin_of(target).starts_with("https:"))
        throw ServerTrouble(fmt::format("{} redirects to an address without encryption", without_query(url)), status);
      all_permanent = all_permanent && (status == 301 || status == 308);
      if (all_permanent) permanent = target;
      ++self.statistics.redirects;
      url = target;
      --attempt;
      continue;
    }
    // 408 comes from a gateway that waited for what is behind it, like 504.
    if (status >= 500 || status == 408) {
      if (is_last)
        throw ServerTrouble(fmt::format("{} answered {} {}", without_query(url), status,
                                        attempt == 1 ? "once" : fmt::format("{} times", attempt)),
                            status);
      ++self.statistics.retries;
      self.wait(std::max(self.retry_after(response).value_or(0), retry_wait * self.jitter()),
                fmt::format("the forge answered {}", status));
      continue;
    }
    if (status == 304) ++self.statistics.not_modified;
    response.permanent_url = permanent;
    if (status < 400 || status == 404 || status == 410 || status == 422 || status == 451) return response;
    self.refuse(response);
  }
}

Budget Client::budget(std::string_view resource) const {
  const auto found = implementation_->budgets.find(resource);
  return found == implementation_->budgets.end() ? Budget{std::string(resource), {}, {}, {}} : found->second;
}

const ClientStatistics& Client::statistics() const {
  return implementation_->statistics;
}

Waiter& Client::waiter() {
  return *implementation_->waiter;
}

}  // namespace resident::http

// HTTP for everything that talks to a forge or a forum: one Client over libcurl
// that obeys limits, waits and retries as told, and never shows a token. Sources and
// actions take a Client, so that tests can put a Transport of their own below it.
//
// Promises: a wait is never negative nor endless, and is announced; a limit that is 0
// or absent means "none known"; a token goes only to the origin (scheme, host, port) it belongs to, in a
// header, and to no other after a redirect; nothing that is thrown or logged holds
// it. http:// is only spoken to loopback addresses, unless allowed.
#pragma once

#include <base/error.hpp>
#include <base/time.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers = {};
  std::string body = {};
  // May be sent again after a failure that leaves open whether it arrived. GET, HEAD and GraphQL
  // queries are; a POST that writes is not unless it says so.
  std::optional<bool> repeatable = std::nullopt;
};

struct Response {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  std::string url = {};            // that answered, after redirects
  std::string permanent_url = {};  // where 301/308 led to, if they did: the thing has moved for good
  // Value of the header, ignoring case; "" where there is none.
  std::string_view header(std::string_view name) const;
  std::string next_page() const;  // rel="next" of the Link header; ""
};

// What went wrong below HTTP: connection refused or reset, timeout, TLS, a body cut short.
class TransportError : public Error {
 public:
  enum class Reason { connect, timeout, reset, truncated, tls, too_large, other };
  TransportError(Reason reason, const std::string& message);
  Reason reason;
};

// One exchange, no redirects, no retries. Throws TransportError.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Response send(const Request& request) = 0;
};

struct TransportOptions {
  double connect_seconds = 20, total_seconds = 60;
  std::size_t largest_body = std::size_t{256} << 20;
  bool allow_plain_http = false;  // to other hosts than loopback
  std::string ca_file = {};       // beside the system's
  std::string user_agent = "resident";
};
std::unique_ptr<Transport> curl_transport(const TransportOptions& options = {});

// A secret that can be sent but not printed: there is no operator<<, and formatting it gives "<token>".
class Token {
 public:
  Token() = default;
  explicit Token(std::string secret) : secret_(std::move(secret)) {}
  bool empty() const { return secret_.empty(); }
  // Only for the header that carries it.
  const std::string& reveal() const { return secret_; }

 private:
  std::string secret_;
};

// Where time comes from and how waiting is done; tests replace it.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual Timestamp now() = 0;                                    // UTC seconds, the machine's clock
  virtual void wait(double seconds, const std::string& why) = 0;  // announces it on stderr if long and on a terminal
};
std::unique_ptr<Waiter> system_waiter();

// What is left of a budget, as the forge said last; nothing where it said nothing, or a limit of 0.
struct Budget {
  std::string resource = {};  // core, graphql, search
  std::optional<std::int64_t> limit, remaining;
  std::optional<Timestamp> reset_at;
};

struct ClientOptions {
  Token token = {};
  std::string token_origin = {};                  // "https://api.github.com": the only one the token is sent to
  std::string token_header = "Authorization";     // GitLab: PRIVATE-TOKEN
  std::string token_prefix = "Bearer ";           // Gitea: "token ", GitLab: ""
  std::optional<double> max_wait = std::nullopt;  // seconds, of any single wait; beyond: Error{incomplete}
  int max_attempts = 6;                           // of one request
  int max_redirects = 5;
  double longest_wait = 3900;  // a wait is never longer, whatever a header says
};

struct ClientStatistics {
  std::int64_t requests = 0, retries = 0, not_modified = 0, redirects = 0;
  double waited_seconds = 0;
};

class Client {
 public:
  Client(std::unique_ptr<Transport> transport, std::unique_ptr<Waiter> waiter, ClientOptions options);
  ~Client();

  // Follows redirects (the token only within its origin), waits for limits (Retry-After in both forms,
  // x-ratelimit-remaining 0 until x-ratelimit-reset, secondary limits: 403 or 429 that say so), repeats what may be
  // repeated after 5xx and transport errors with growing, jittered waits. Returns any final answer of
  // status < 400, and 304, 404, 410, 422, 451; other 4xx throw Error (401, and 403 that is no limit:
  // Error{authentication}). After the last attempt a 5xx or TransportError is thrown as ServerTrouble.
  // A needed wait beyond max_wait throws Error{incomplete} saying when to come back.
  Response send(const Request& request);
  Response get(const std::string& url, const Headers& headers = {});

  Budget budget(std::string_view resource = "core") const;
  const ClientStatistics& statistics() const;
  Waiter& waiter();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// A server that could not answer this request, after all attempts: what a caller meets by asking for less.
class ServerTrouble : public Error {
 public:
  // status_code 0: there was no whole answer.
  ServerTrouble(const std::string& message, int status_code)
      : Error(ErrorKind::incomplete, message, "run the same command again; it resumes"), status(status_code) {}
  int status;
};

// Whether it may be sent twice: it says so, or only reads.
bool is_repeatable(const Request& request);

// "https://host:port" of an address, the usual port left out; throws Error{usage} for anything but http(s). By the
// parser that the transport connects by, so that a token's origin is where it is sent.
std::string origin_of(std::string_view url);
// What a Location or Link at that address leads to (RFC 3986, 5.2); "" for what can't be read.
std::string resolve(const std::string& base, const std::string& location);
bool is_loopback(std::string_view url);

}  // namespace resident::http

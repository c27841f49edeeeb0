// An HTTP request and its answer as the parts of the server hand them on: plain values
// that know no socket and no library. Whatever a request holds came from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::server {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Status codes of RFC 9110, and 431 of RFC 6585.
inline constexpr int kOk = 200, kSeeOther = 303, kNotModified = 304, kBadRequest = 400, kForbidden = 403,
                     kNotFound = 404, kNotAllowed = 405, kTimeout = 408, kTooLarge = 413, kTooLongAddress = 414,
                     kUnsupported = 415, kUnmetExpectation = 417, kMisdirected = 421, kTooManyFields = 431,
                     kFailed = 500, kNotImplemented = 501, kUnavailable = 503;

struct Request {
  std::string method;
  std::string target;  // as it was sent
  std::string path;    // its first part, percent-decoded; "" until read_target()
  Fields parameters;   // of its query, decoded
  Fields headers;      // in the order in which they came; names as they were written
  std::string body;
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  bool keep_alive = false;

  // The first of that name, ignoring case; "" where there is none.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
  // Of the query; "" where there is none.
  std::string parameter(std::string_view name) const;
  bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

struct Response {
  int status = kOk;
  Fields headers = {};
  std::string type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body = {};  // null: none; shared, since kept pages are sent often
  bool close = false;                            // the connection, after it

  static Response text(int status, std::string body);
  Response& with(std::string name, std::string value);
};

// The words that follow a status code.
std::string_view reason_of(int status);

// Path and parameters of request.target; false where it is no address of a server: not from "/" on, or with
// percent signs that encode nothing, or NUL.
bool read_target(Request& request);
// Percent-decoding; nothing where a % is not followed by two digits, or a NUL comes out.
// plus_is_space: as in forms and queries.
std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space);
// "a=1&b=2" of a query or a form, decoded; nothing where it can't be, or there are more than 100.
std::optional<Fields> read_fields(std::string_view text);
std::string field(const Fields& fields, std::string_view name);

// What no request may ask for, whoever it is for: nothing where it may go on.
struct Refusal {
  int status;
  std::string title, message, hint;
};
std::optional<Refusal> check_head(const Request& head);

}  // namespace resident::server

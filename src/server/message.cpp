#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <server/message.hpp>

namespace resident::server {

namespace {

constexpr std::size_t kMostFields = 100;
constexpr std::size_t kLongestTarget = 8192;

bool is_same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return one.size() == other.size() &&
         std::equal(one.begin(), one.end(), other.begin(), [&](char a, char b) { return lower(a) == lower(b); });
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [each, value] : headers)
    if (is_same_name(each, name)) return value;
  return {};
}

std::size_t Request::header_count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& each) { return is_same_name(each.first, name); }));
}

std::string Request::parameter(std::string_view name) const {
  return field(parameters, name);
}

Response Response::text(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response& Response::with(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string_view reason_of(int status) {
  switch (status) {
    case kOk:
      return "OK";
    case 202:
      return "Accepted";
    case kSeeOther:
      return "See Other";
    case kNotModified:
      return "Not Modified";
    case kBadRequest:
      return "Bad Request";
    case kForbidden:
      return "Forbidden";
    case kNotFound:
      return "Not Found";
    case kNotAllowed:
      return "Method Not Allowed";
    case kTimeout:
      return "Request Timeout";
    case kTooLarge:
      return "Content Too Large";
    case kTooLongAddress:
      return "URI Too Long";
    case kUnsupported:
      return "Unsupported Media Type";
    case kUnmetExpectation:
      return "Expectation Failed";
    case kMisdirected:
      return "Misdirected Request";
    case kTooManyFields:
      return "Request Header Fields Too Large";
    case kFailed:
      return "Internal Server Error";
    case kNotImplemented:
      return "Not Implemented";
    case kUnavailable:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const int high = at + 2 < text.size() ? digit_of(text[at + 1]) : -1;
      const int low = high >= 0 ? digit_of(text[at + 2]) : -1;
      if (low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<Fields> read_fields(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.empty()) continue;
    if (fields.size() == kMostFields) return std::nullopt;
    const std::size_t equals = piece.find('=');
    const auto name = decode_percent(piece.substr(0, equals), true);
    const auto value =
        decode_percent(equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    fields.emplace_back(*name, *value);
  }
  return fields;
}

std::string field(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.first == name; });
  return found == fields.end() ? std::string() : found->second;
}

bool read_target(Request& request) {
  const std::string_view target = request.target;
  if (target.empty() || target[0] != '/') return false;
  const std::size_t question = target.find('?');
  const auto path = decode_percent(target.substr(0, question), false);
  const auto parameters =
      read_fields(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
  if (!path || !parameters) return false;
  request.path = *path;
  request.parameters = *parameters;
  return true;
}

std::optional<Refusal> check_head(const Request& head) {
  if (head.target.size() > kLongestTarget)
    return Refusal{kTooLongAddress, "Too long an address",
                   fmt::format("An address has at most {} bytes.", kLongestTarget), ""};
  if (const std::size_t codings = head.header_count("Transfer-Encoding");
      codings > 0 && (codings > 1 || !is_same_name(trim(head.header("Transfer-Encoding")), "chunked")))
    return Refusal{kNotImplemented, "Not that way", "A body is sent as it is, or in pieces (chunked).", ""};
  if (head.is_chunked && head.header_count("Content-Length") > 0)
    return Refusal{kBadRequest, "Two lengths", "A body is either of a length or in pieces.", ""};
  if (const std::string_view coding = head.header("Content-Encoding");
      !coding.empty() && !is_same_name(trim(coding), "identity"))
    return Refusal{kUnsupported, "Compressed", "Bodies are taken uncompressed.", ""};
  if (const std::string_view expected = head.header("Expect");
      !expected.empty() && !is_same_name(trim(expected), "100-continue"))
    return Refusal{kUnmetExpectation, "Not expected", "Only 100-continue can be expected.", ""};
  return std::nullopt;
}

}  // namespace resident::server

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <server/request_reader.hpp>

namespace resident::server {

namespace {

namespace http = boost::beast::http;

// What stands between two pieces of a body, and after the last.
constexpr std::size_t kLargestPieceHead = kLargestHead;
constexpr std::size_t kPortion = std::size_t{16} << 10;

Refusal refusal_of(const boost::system::error_code& code) {
  if (code == http::error::header_limit)
    return {kTooManyFields, "Too large a head", "The head of a request has at most 16 kB.", ""};
  if (code == http::error::body_limit)
    return {kTooLarge, "Too large", "What was sent is larger than what is taken here.", ""};
  return {kBadRequest, "Not a request", "That is no request of HTTP/1.1 or HTTP/1.0.", ""};
}

}  // namespace

struct RequestReader::Implementation {
  State state = State::head;
  std::string pending;        // came, and not yet parsed
  std::size_t looked_at = 0;  // of it, for ends of lines
  std::size_t head_size = 0;
  bool has_skipped_line = false;  // before the head
  http::request_parser<http::buffer_body> parser;
  Request request;
  Refusal refusal{kBadRequest, "", "", ""};

  explicit Implementation(std::string rest) : pending(std::move(rest)) {
    parser.header_limit(static_cast<std::uint32_t>(kLargestHead));
    // The head's length is judged by who reads, who knows what the body is for. (No limit at all is read by Beast 1.74
    // as less than any length.)
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  State fail(const Refusal& why) {
    refusal = why;
    pending.clear();
    pending.shrink_to_fit();
    request.body.clear();
    request.body.shrink_to_fit();
    return state = State::broken;
  }

  // Parses some of what is pending; false where it takes more bytes to go on, or nothing goes on.
  bool parse(boost::system::error_code& code) {
    code = {};
    const std::size_t taken = parser.put(boost::asio::const_buffer(pending.data(), pending.size()), code);
    pending.erase(0, taken);
    looked_at -= std::min(looked_at, taken);
    if (state == State::head) head_size += taken;
    return taken > 0 || !code;
  }

  // A line of the head ends with CR and LF; the parser would wait for them until the client gives up.
  bool has_bare_line_end() {
    // The parser takes whole lines: where the empty one that ends the head comes next, the body stands behind it.
    if (head_size > 0 && pending.starts_with("\r\n")) return false;
    const std::size_t end = std::min(pending.find("\r\n\r\n"), pending.size());
    for (; looked_at < end; ++looked_at)
      if (pending[looked_at] == '\n' && (looked_at == 0 || pending[looked_at - 1] != '\r')) return true;
    return false;
  }

  State read_head() {
    // Some clients end a request with one line more than it has (RFC 9112, 2.2).
    if (head_size == 0 && !has_skipped_line) {
      if (pending == "\r") return state;  // the other half may come yet
      has_skipped_line = pending.starts_with("\r\n");
      if (has_skipped_line) pending.erase(0, 2);
    }
    while (!parser.is_header_done()) {
      if (pending.empty()) return state;
      if (has_bare_line_end()) return fail(refusal_of(http::error::bad_line_ending));
      boost::system::error_code code;
      parse(code);
      // The parser's own limit is one for the first line and another for the fields.
      if (head_size + (parser.is_header_done() ? 0 : pending.size()) > kLargestHead)
        return fail(refusal_of(http::error::header_limit));
      if (code == http::error::need_more) return state;
      if (code) return fail(refusal_of(code));
    }
    const auto& message = parser.get();
    const auto text = [](const auto& view) { return std::string(view.data(), view.size()); };
    request.method = text(message.method_string());
    request.target = text(message.target());
    for (const auto& each : message) request.headers.emplace_back(text(each.name_string()), text(each.value()));
    if (const auto length = parser.content_length()) request.content_length = *length;
    request.is_chunked = parser.chunked();
    request.keep_alive = parser.keep_alive();
    return state = State::decide;
  }

  State read_body() {
    parser.eager(true);
    std::array<char, kPortion> portion;
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = portion.data();
      body.size = portion.size();
      body.more = true;
      boost::system::error_code code;
      const std::size_t before = pending.size();
      parse(code);
      request.body.append(portion.data(), portion.size() - body.size);
      const bool is_stuck = pending.size() == before && body.size == portion.size();
      if (code == http::error::need_buffer && !is_stuck) continue;
      if (code == http::error::need_more || (!code && is_stuck && !parser.is_done())) {
        if (pending.size() > kLargestPieceHead)
          return fail({kBadRequest, "Too much between the pieces", "A body in pieces has little else.", ""});
        return state = State::body;
      }
      if (code) return fail(refusal_of(code));
    }
    return state = State::complete;
  }
};

RequestReader::RequestReader(std::string rest) : implementation_(std::make_unique<Implementation>(std::move(rest))) {
  put({});
}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

RequestReader::State RequestReader::state() const {
  return implementation_->state;
}

RequestReader::State RequestReader::put(std::string_view bytes) {
  Implementation& self = *implementation_;
  if (self.state == State::broken) return self.state;
  self.pending += bytes;
  if (self.state == State::head) return self.read_head();
  if (self.state == State::body) return self.read_body();
  return self.state;
}

RequestReader::State RequestReader::take_body(std::size_t limit) {
  Implementation& self = *implementation_;
  if (self.state != State::decide) return self.state;
  if (self.request.content_length.value_or(0) > limit) return self.fail(refusal_of(http::error::body_limit));
  self.parser.body_limit(limit);
  return self.read_body();
}

Request& RequestReader::request() {
  return implementation_->request;
}
const Refusal& RequestReader::refusal() const {
  return implementation_->refusal;
}
bool RequestReader::is_idle() const {
  const Implementation& self = *implementation_;
  return self.state == State::head && self.head_size == 0 && self.pending.empty();
}
std::size_t RequestReader::body_size() const {
  return implementation_->request.body.size();
}
std::string RequestReader::take_rest() {
  return std::move(implementation_->pending);
}

}  // namespace resident::server

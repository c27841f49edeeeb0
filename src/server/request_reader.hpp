// Bytes of a connection → one request, with Boost.Beast's parser and our limits. It
// knows no socket, so that the fuzzer feeds it just what a connection would. The head is
// read first and alone: whether the body is read at all is decided by who reads, with
// what the head says. What is kept is bounded: 16 kB of head, then the body up to the limit.
#pragma once

#include <memory>
#include <server/message.hpp>
#include <string_view>

namespace resident::server {

inline constexpr std::size_t kLargestHead = std::size_t{16} << 10;

class RequestReader {
 public:
  enum class State {
    head,      // more bytes are needed for the head
    decide,    // the head is there: take_body(), or leave it
    body,      // more bytes are needed for the body
    complete,  // request() is whole
    broken,    // refusal() says why; the connection can't be read on
  };

  // rest: what came after the request before, on the same connection.
  explicit RequestReader(std::string rest = {});
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  State state() const;
  // Takes bytes that came; goes on as far as they lead.
  State put(std::string_view bytes);
  // Goes on after `decide` with a body of at most that many bytes.
  State take_body(std::size_t limit);

  Request& request();
  const Refusal& refusal() const;
  // Whether nothing of a request has come yet.
  bool is_idle() const;
  // Bytes of the body that are kept so far.
  std::size_t body_size() const;
  // After `complete`: what came behind it.
  std::string take_rest();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace resident::server

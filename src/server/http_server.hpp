// HTTP/1.1 over TCP (Boost.Asio; requests by RequestReader), with limits that hold: so
// many connections, so much time for a head, a body and an answer as a whole, so many
// bytes of bodies in memory. One thread holds all connections and never makes an answer
// itself; answers come from other threads. A head is judged before any of its body is
// read; a refused body is not read on.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <server/message.hpp>
#include <string>

namespace resident::server {

struct ServerLimits {
  std::size_t connections = 512;                // more are answered 503, once none is idle
  std::chrono::milliseconds head{15'000};       // from the connection's begin, or the answer before, to the head's end
  std::chrono::milliseconds body{30'000};       // from the head's end to the body's
  std::chrono::milliseconds answer{60'000};     // to take an answer that is there
  std::chrono::milliseconds farewell{3'000};    // for answers under way once it is told to stop
  std::size_t bodies = std::size_t{128} << 20;  // in memory at once
};

// Whether a request is refused by its head, or how large its body may be.
struct Admission {
  std::optional<Response> refusal = {};
  std::size_t largest_body = 0;
};

// May be called from any thread, once.
using Reply = std::function<void(Response)>;

struct RequestHandler {
  // These two on the server's own thread: they must not take long. The head's target was read.
  std::function<Admission(const Request& head)> admit;
  std::function<Response(const Request& head, const Refusal& why)> refuse;
  // Takes the whole request; must not wait, either.
  std::function<void(Request request, Reply reply)> answer;
};

class HttpServer {
 public:
  explicit HttpServer(RequestHandler handler, ServerLimits limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Port 0: any that is free. Throws Error where it can't be had. Returns the port.
  int bind(const std::string& address, int port);
  // Answers until stop().
  void run();
  // Calls that on the server's own thread after so much time, if it still runs; it must not take long. From any thread.
  void after(std::chrono::milliseconds time, std::function<void()> job);
  // From any thread, before or during run(): takes no more, shuts what is idle or still sends at once, and the rest
  // after limits.farewell.
  void stop();

 private:
  struct Implementation;
  std::shared_ptr<Implementation> implementation_;  // answers under way may outlive the server
};

}  // namespace resident::server

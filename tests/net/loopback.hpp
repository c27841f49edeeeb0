// A server of HTTP/1.1 on loopback that answers what a test says, byte for byte, and ends connections when it is told
// to: what clients make of servers that misbehave. One thread a connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace resident {

class LoopbackServer {
 public:
  struct Request {
    int connection = 0;  // from 1 on
    std::string method, target, head, body;
  };
  // What goes back as it is; an empty one ends the connection without a word.
  using Handler = std::function<std::string(const Request&)>;

  static std::string answer(int status, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           headers + "\r\n" + body;
  }

  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (socket_ < 0 || bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(socket_, 16) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no server on loopback");
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }

  ~LoopbackServer() {
    ::shutdown(socket_, SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int each : open_) ::shutdown(each, SHUT_RDWR);
    }
    for (auto& each : threads_) each.join();
    ::close(socket_);
  }

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

  std::vector<Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    for (int number = 1;; ++number) {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(peer);
      threads_.emplace_back([this, peer, number] { serve(peer, number); });
    }
  }

  void serve(int peer, int number) {
    std::string bytes;
    while (take_one(peer, number, bytes)) {
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, peer);
    ::close(peer);
  }

  bool take_one(int peer, int number, std::string& bytes) {
    char piece[4096];
    const auto more = [&] {
      const auto size = ::recv(peer, piece, sizeof piece, 0);
      if (size > 0) bytes.append(piece, static_cast<std::size_t>(size));
      return size > 0;
    };
    std::size_t end;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return false;
      if (bytes[0] >= 'A' && bytes[0] <= 'Z') continue;
      const std::string refusal = answer(400, "this is no HTTP");  // as a server says to TLS
      (void)!::send(peer, refusal.data(), refusal.size(), MSG_NOSIGNAL);
      return false;
    }
    Request request;
    request.connection = number;
    request.head = bytes.substr(0, end + 2);
    bytes.erase(0, end + 4);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    std::size_t length = 0;
    if (const auto at = request.head.find("Content-Length: "); at != std::string::npos)
      length = std::strtoul(request.head.c_str() + at + 16, nullptr, 10);
    while (bytes.size() < length)
      if (!more()) return false;
    request.body = bytes.substr(0, length);
    bytes.erase(0, length);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::string back = handler_(request);
    for (std::size_t sent = 0; sent < back.size();) {
      const auto size = ::send(peer, back.data() + sent, back.size() - sent, MSG_NOSIGNAL);
      if (size <= 0) return false;
      sent += static_cast<std::size_t>(size);
    }
    if (back.empty() || back.find("Connection: close") != std::string::npos) {
      ::shutdown(peer, SHUT_RDWR);
      return false;
    }
    return true;
  }

  Handler handler_;
  int socket_ = -1, port_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::vector<Request> requests_;
  std::thread accepting_;
};

}  // namespace resident

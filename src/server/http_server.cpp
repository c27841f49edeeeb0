#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <ctime>
#include <list>
#include <server/http_server.hpp>
#include <server/request_reader.hpp>

namespace resident::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPortion = std::size_t{16} << 10;          // read at once
constexpr std::size_t kMostDropped = std::size_t{256} << 10;     // read and dropped of what was refused
constexpr std::chrono::milliseconds kSweep{200}, kLinger{1500};  // between two looks at deadlines; before closing

Response plain_refusal(const Refusal& why) {
  Response response = Response::text(why.status, why.message + "\n");
  response.close = true;
  return response;
}

// Status line and fields.
std::string head_of(const Response& response, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_of(response.status));
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  out += fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(now));
  if (response.status != kNotModified) {
    if (response.body) out += fmt::format("Content-Type: {}\r\n", response.type);
    out += fmt::format("Content-Length: {}\r\n", response.body ? response.body->size() : 0);
  }
  for (const auto& [name, value] : response.headers) out += fmt::format("{}: {}\r\n", name, value);
  return out + fmt::format("Connection: {}\r\n\r\n", keep_alive ? "keep-alive" : "close");
}

}  // namespace

struct HttpServer::Implementation : std::enable_shared_from_this<HttpServer::Implementation> {
  class Session;
  using Sessions = std::list<std::shared_ptr<Session>>;

  RequestHandler handler;
  const ServerLimits limits;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  tcp::socket incoming{io};
  asio::steady_timer timer{io}, rest{io};
  std::list<asio::steady_timer> alarms;  // of after()
  Sessions sessions;
  std::size_t bodies = 0;  // bytes
  bool stopping = false;

  Implementation(RequestHandler given, ServerLimits given_limits) : handler(std::move(given)), limits(given_limits) {}

  void accept();
  void admit_connection();
  void sweep();
  void begin_stop();
};

// One connection: reads a request, hands it on, sends the answer, and again. All of it runs on the server's thread.
class HttpServer::Implementation::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Implementation& server, tcp::socket socket) : server_(server), socket_(std::move(socket)) {
    wait(server_.limits.head);
  }

  Sessions::iterator place;

  void start() { read(); }
  bool is_idle() const { return phase_ == Phase::reading && reader_.is_idle(); }
  bool is_late(Clock::time_point now) const { return phase_ != Phase::closed && deadline_ <= now; }
  Clock::time_point deadline() const { return deadline_; }

  void expire() {
    if (phase_ == Phase::reading && !reader_.is_idle()) {
      refuse({kTimeout, "Too slow", "The request took too long.", ""});
      wait(kLinger);
    } else {
      close();
    }
  }

  void end() {
    last_ = true;
    if (phase_ == Phase::making || phase_ == Phase::sending)
      deadline_ = std::min(deadline_, Clock::now() + server_.limits.farewell);
    else
      close();
  }

  void close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    count_body(0);
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    server_.sessions.erase(place);
    if (server_.stopping && server_.sessions.empty()) server_.timer.cancel();
  }

 private:
  enum class Phase { reading, making, sending, lingering, closed };

  void wait(std::chrono::milliseconds time) { deadline_ = Clock::now() + time; }

  // Keeps the sum of bodies in memory.
  void count_body(std::size_t size) {
    server_.bodies += size - counted_;
    counted_ = size;
  }

  void read() {
    socket_.async_read_some(asio::buffer(portion_),
                            [self = this->shared_from_this()](error_code code, std::size_t size) {
                              if (self->phase_ != Phase::reading && self->phase_ != Phase::lingering) return;
                              if (code) return self->close();
                              if (self->phase_ == Phase::lingering) return self->drop(size);
                              self->reader_.put({self->portion_.data(), size});
                              self->advance();
                            });
  }

  void advance() {
    count_body(reader_.body_size());
    if (server_.bodies > server_.limits.bodies && reader_.state() == RequestReader::State::body) {
      std::string().swap(reader_.request().body);  // makes room for the others at once
      count_body(0);
      return refuse({kUnavailable, "Too much at once", "Too much is being sent at the moment; send it again.", ""});
    }
    switch (reader_.state()) {
      case RequestReader::State::head:
      case RequestReader::State::body:
        return read();
      case RequestReader::State::decide:
        return decide();
      case RequestReader::State::complete:
        return make();
      case RequestReader::State::broken:
        return refuse(reader_.refusal());
    }
  }

  void decide() {
    Request& head = reader_.request();
    method_is_head_ = head.method == "HEAD";
    // A body that is not wanted is not read on, so that the connection can't be used again.
    if (auto why = check_head(head)) return refuse(*why);
    if (!read_target(head)) return refuse({kBadRequest, "Not an address", "That is no address of this server.", ""});
    Admission admission = server_.handler.admit(head);
    if (admission.refusal) {
      admission.refusal->close |= head.has_body();
      return send(std::move(*admission.refusal));
    }
    if (head.content_length.value_or(0) > admission.largest_body || (head.is_chunked && admission.largest_body == 0))
      return refuse({kTooLarge, "Too large", "What was sent is larger than what is taken here.", ""});
    wait(server_.limits.body);
    const bool goes_on = !head.header("Expect").empty() && head.has_body();
    reader_.take_body(admission.largest_body);
    if (goes_on && reader_.state() == RequestReader::State::body && reader_.body_size() == 0) return say_go_on();
    advance();
  }

  void say_go_on() {
    static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(socket_, asio::buffer(kGoOn), [self = this->shared_from_this()](error_code code, std::size_t) {
      if (self->phase_ != Phase::reading) return;
      if (code) return self->close();
      self->advance();
    });
  }

  void make() {
    phase_ = Phase::making;
    deadline_ = server_.stopping ? Clock::now() + server_.limits.farewell : Clock::time_point::max();
    keep_alive_ = reader_.request().keep_alive;
    auto reply = [self = this->shared_from_this(), owner = server_.shared_from_this()](Response response) {
      asio::post(owner->io, [self, response = std::move(response)]() mutable {
        if (self->phase_ == Phase::making) self->send(std::move(response));
      });
    };
    server_.handler.answer(std::move(reader_.request()), std::move(reply));
  }

  void refuse(const Refusal& why) {
    Response response = server_.handler.refuse ? server_.handler.refuse(reader_.request(), why) : plain_refusal(why);
    response.close = true;
    send(std::move(response));
  }

  void send(Response response) {
    const bool was_read = phase_ == Phase::making;
    phase_ = Phase::sending;
    wait(last_ ? server_.limits.farewell : server_.limits.answer);
    response_ = std::move(response);
    const bool goes_on = was_read ? keep_alive_
                                  : reader_.state() == RequestReader::State::decide && reader_.request().keep_alive &&
                                        !reader_.request().has_body();
    closes_ = response_.close || !goes_on || last_;
    head_ = head_of(response_, !closes_);
    std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::const_buffer()};
    if (response_.body && !method_is_head_) parts[1] = asio::buffer(*response_.body);
    asio::async_write(socket_, parts, [self = this->shared_from_this()](error_code code, std::size_t) {
      if (self->phase_ != Phase::sending) return;
      if (code) return self->close();
      self->sent();
    });
  }

  void sent() {
    response_ = {};
    count_body(0);
    if (closes_ || last_) return linger();
    if (reader_.state() == RequestReader::State::decide) reader_.take_body(0);  // it has none
    reader_ = RequestReader(reader_.take_rest());
    method_is_head_ = false;
    phase_ = Phase::reading;
    wait(server_.limits.head);
    advance();
  }

  // Closing while something is unread would take the answer back from the client that has not yet read it.
  void linger() {
    phase_ = Phase::lingering;
    wait(kLinger);
    reader_ = RequestReader();
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    read();
  }

  void drop(std::size_t size) {
    dropped_ += size;
    if (dropped_ > kMostDropped) return close();
    read();
  }

  Implementation& server_;
  tcp::socket socket_;
  Phase phase_ = Phase::reading;
  Clock::time_point deadline_;
  RequestReader reader_;
  std::array<char, kPortion> portion_{};
  std::size_t counted_ = 0, dropped_ = 0;
  bool keep_alive_ = false, method_is_head_ = false, closes_ = false, last_ = false;
  Response response_;
  std::string head_;
};

void HttpServer::Implementation::accept() {
  acceptor.async_accept(incoming, [this](error_code code) {
    if (stopping) return;
    if (code) {  // too many files are open, say: later, then
      rest.expires_after(kSweep);
      rest.async_wait([this](error_code cancelled) {
        if (!cancelled && !stopping) accept();
      });
      return;
    }
    admit_connection();
    accept();
  });
}

void HttpServer::Implementation::admit_connection() {
  error_code ignored;
  incoming.set_option(tcp::no_delay(true), ignored);
  if (sessions.size() >= limits.connections) {
    // Who has said nothing for longest makes room.
    auto idle = sessions.end();
    for (auto each = sessions.begin(); each != sessions.end(); ++each)
      if ((*each)->is_idle() && (idle == sessions.end() || (*each)->deadline() < (*idle)->deadline())) idle = each;
    if (idle == sessions.end()) {
      static const Response kFull = plain_refusal({kUnavailable, "", "Too many connections at the moment.", ""});
      incoming.non_blocking(true, ignored);
      incoming.write_some(asio::buffer(head_of(kFull, false) + *kFull.body), ignored);
      incoming.close(ignored);
      return;
    }
    const std::shared_ptr<Session> ended = *idle;
    ended->close();
  }
  auto session = std::make_shared<Session>(*this, std::move(incoming));
  incoming = tcp::socket(io);
  session->place = sessions.insert(sessions.end(), session);
  session->start();
}

void HttpServer::Implementation::sweep() {
  timer.expires_after(kSweep);
  timer.async_wait([this](error_code) {
    const auto now = Clock::now();
    std::vector<std::shared_ptr<Session>> late;
    for (const auto& each : sessions)
      if (each->is_late(now)) late.push_back(each);
    for (const auto& each : late) each->expire();
    if (!stopping || !sessions.empty()) sweep();
  });
}

void HttpServer::Implementation::begin_stop() {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  rest.cancel();
  for (auto& alarm : alarms) alarm.cancel();
  const std::vector<std::shared_ptr<Session>> all(sessions.begin(), sessions.end());
  for (const auto& each : all) each->end();
  timer.cancel();
}

HttpServer::HttpServer(RequestHandler handler, ServerLimits limits)
    : implementation_(std::make_shared<Implementation>(std::move(handler), limits)) {}

HttpServer::~HttpServer() {
  // Sessions and answers under way refer to each other.
  const std::vector<std::shared_ptr<Implementation::Session>> all(implementation_->sessions.begin(),
                                                                  implementation_->sessions.end());
  for (const auto& each : all) each->close();
}

int HttpServer::bind(const std::string& address, int port) {
  Implementation& self = *implementation_;
  error_code code;
  const auto host = asio::ip::make_address(address, code);
  const tcp::endpoint endpoint(host, static_cast<unsigned short>(port));
  if (!code) self.acceptor.open(endpoint.protocol(), code);
  // Taken over from a server that has just ended; two that run do not share it.
  if (!code) self.acceptor.set_option(tcp::acceptor::reuse_address(true), code);
  if (!code) self.acceptor.bind(endpoint, code);
  if (!code) self.acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (code) {
    error_code ignored;
    self.acceptor.close(ignored);
    throw Error(fmt::format("cannot listen on {} port {}: {}", address, port, code.message()),
                "choose another port, or --port 0 for any that is free");
  }
  return self.acceptor.local_endpoint().port();
}

void HttpServer::run() {
  Implementation& self = *implementation_;
  if (!self.stopping) {
    self.accept();
    self.sweep();
  }
  self.io.run();
}

void HttpServer::after(std::chrono::milliseconds time, std::function<void()> job) {
  asio::post(implementation_->io, [self = implementation_.get(), time, job = std::move(job)]() mutable {
    if (self->stopping) return;
    const auto alarm = self->alarms.emplace(self->alarms.end(), self->io, time);
    alarm->async_wait([self, alarm, job = std::move(job)](error_code cancelled) {
      self->alarms.erase(alarm);
      if (!cancelled && !self->stopping) job();
    });
  });
}

void HttpServer::stop() {
  asio::post(implementation_->io, [self = implementation_.get()] { self->begin_stop(); });
}

}  // namespace resident::server

// The dashboard: the pages of page.hpp over HTTP, for the person at this machine.
// It knows nothing of databases: whoever starts it says how to make a page (content.hpp). It only reads (GET and HEAD),
// but for forms that note something locally (POST /plan) and webhooks, is bound to
// 127.0.0.1 unless told otherwise, and answers nobody who reaches it under another
// name (a page elsewhere could otherwise point a host name of its own at it and read
// along). Who connects is held by one thread, pages are made by a few others, forms and webhooks are taken by two of
// their own: a slow client or a slow page keeps nobody else waiting. Pages are kept while what they depend on is the
// same; where making one takes long, the one before is shown meanwhile, and says so. Addresses: / /review /triage
// /inbox /plan /flow /people /modules /report, /item/NUMBER, /thread?key=KEY, /table?name=NAME, /api/NAME and /health,
// with ?project=NAME&as_of=YYYY-MM-DD; /resident-HASH.js and .css, which never change.
#pragma once

#include <chrono>
#include <memory>
#include <server/content.hpp>
#include <server/http_server.hpp>
#include <string>

namespace resident {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any that is free
  std::string title = "Resident";
  // Behind a proxy that knows who its users are: the header in which it names them. Requests without it are refused.
  std::string user_header = {};
  std::vector<std::string> names = {};  // other names by which it may be reached: those of the proxy
  std::size_t page_workers = 4;
  std::size_t kept_pages = std::size_t{96} << 20;  // bytes
  // How long one waits for a page: then an older one comes, which says so, or a word that it is being made.
  std::chrono::milliseconds patience{400};
  server::ServerLimits limits = {};
};

class DashboardServer {
 public:
  explicit DashboardServer(DashboardContent content, ServerOptions options = {});
  ~DashboardServer();
  DashboardServer(const DashboardServer&) = delete;
  DashboardServer& operator=(const DashboardServer&) = delete;

  // Takes the port; throws Error when that is not possible. Returns the port.
  int bind();
  // "http://127.0.0.1:8080/", after bind().
  std::string address() const;
  // Answers until stop(); binds first where that was not done.
  void listen();
  // From any thread, before or during listen(); not from within a signal handler. listen() returns soon after.
  void stop();
  // After listen(): waits for forms and webhooks that are being taken, and that long for pages being made. False: some
  // still are; they only read.
  bool finish(std::chrono::milliseconds patience);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace resident

// The dashboard: the pages of page.hpp over HTTP, for the person at this machine.
// It knows nothing of databases: whoever starts it says how to make a page, and a
// page is made when it is asked for. It only reads (GET and HEAD), but for forms that
// note something locally (POST /plan), is bound to
// 127.0.0.1 unless told otherwise, and answers nobody who reaches it under another
// name (a page elsewhere could otherwise point a host name of its own at it and read
// along). The functions of DashboardContent are called one at a time, so they need
// no locks. Addresses: / /review /triage /inbox /plan /flow /people /modules /report, /item/NUMBER, /thread?key=KEY,
// /api/NAME and /health, with ?project=NAME&as_of=YYYY-MM-DD.
#pragma once

#include <analyses/result.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

struct PageRequest {
  std::string slug;     // "today", "review", "triage", "inbox", "plan", "flow", "people", "modules", "report",
                        // "item" or "thread"
  std::string project;  // one that exists
  std::optional<Timestamp> as_of;
  std::int64_t from = 0;    // the first card to show, from 0
  std::int64_t number = 0;  // of the item; 0: none was named
  std::string kind;         // issue, pull or "": which, where both have the number
  std::string key;          // of the thread
  std::string done;         // what a form did, by its word, and to which item
  std::int64_t done_item = 0;
  std::map<std::string, std::string> arguments = {};  // minutes, mine, me, module; only those that were given
};

// The address that asks for it again, without the moment: what has forms is of today.
std::string address_of(const PageRequest& request);

// One form that was sent: something to note, or to put into the plan.
struct PlanRequest {
  std::string project, kind, content, reason;
  std::int64_t item_id = 0;
};

struct WebhookRequest {
  std::string project, body;
  std::string delivery, event, signature;  // X-GitHub-Delivery, X-GitHub-Event, X-Hub-Signature-256
};
struct WebhookAnswer {
  int status = 200;
  std::string message;
};

struct DashboardContent {
  std::function<std::vector<std::string>()> projects;          // the first is shown at first
  std::function<std::vector<Page>(const PageRequest&)> pages;  // none: there is no such item or thread
  // The Results of one analysis, for /api/NAME; none: no such analysis. Where this is
  // not set, NAME is looked for on the pages: with a number on the item's, with a key on the thread's.
  std::function<std::vector<Result>(const std::string& name, const PageRequest&)> results = {};
  // POST /plan: notes it locally; throws Error where it cannot be. Taken only with the token that this server put
  // into its own forms, from its own pages. None: pages show no forms.
  // Gives a word for what was done, if the page is to tell of it: "note-kept", "note-removed", "no-note".
  std::function<std::string(const PlanRequest&)> collect = {};
  // POST /webhooks/PROJECT; none: not taken. Called from several threads at once, whoever the Host header names: it is
  // for the function to know its callers, by their signatures.
  std::function<WebhookAnswer(const WebhookRequest&)> webhook = {};
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any that is free
  std::string title = "Resident";
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
  // From any thread, before or during listen(); not from within a signal handler.
  void stop();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace resident

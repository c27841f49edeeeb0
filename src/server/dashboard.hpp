// What dashboard_server.cpp (who may ask, forms, webhooks) and served_pages.cpp (pages, made once for all who
// wait) share: the server's insides.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <server/dashboard_server.hpp>
#include <server/page_cache.hpp>
#include <server/routes.hpp>
#include <server/worker_pool.hpp>
#include <views/page.hpp>

namespace resident {

namespace server {

inline constexpr std::size_t kMostWaiting = 512;  // requests, for each kind of work
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline const Refusal kBusy{kUnavailable, "Too much at once", "Too many requests wait.",
                           "try it again in a few seconds"};

Response with_body(int status, std::string body, std::string_view type);
// Those that every answer for a browser has.
void set_headers(Response& response);
// 128 bits that nobody can guess.
std::string random_token();

}  // namespace server

struct DashboardServer::Implementation {
  using Request = server::Request;
  using Response = server::Response;
  using Reply = server::Reply;
  using Refusal = server::Refusal;
  using KeptPage = server::KeptPage;

  struct Waiting {
    Request request;
    Reply reply;
  };
  struct Asked {
    PageRequest page;
    std::string key, version;           // of it in the cache; no version: it is not kept
    std::vector<std::string> projects;  // none: there is nothing to show
  };
  struct WaitingForPage {
    Request request;
    Reply reply;
    Asked asked;
    std::uint64_t ticket = 0;  // tells it from the others
  };
  // A page being made, once for all who wait for it; who waited long enough has been answered otherwise.
  struct Making {
    std::vector<WaitingForPage> waiting;
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  };

  const DashboardContent content;
  const ServerOptions options;
  int port = 0;
  const std::string token = server::random_token();
  server::PageCache kept;
  std::mutex mutex;
  std::map<std::string, Making> making;  // by key and version
  std::uint64_t tickets = 0;
  struct Remembered {
    std::string state;
    std::chrono::steady_clock::time_point at;
  };
  std::map<std::string, Remembered> remembered;  // pages for the next server, by key
  std::string made_ahead_of;                     // version of what pages were made of before anybody asked
  std::atomic<std::uint64_t> forms{0};           // taken so far
  server::HttpServer http;
  // Threads that refer to all of the above.
  server::WorkerPool looking{1, server::kMostWaiting}, making_pages, taking{2, server::kMostWaiting};
  // Waits where somebody else writes to the store: pages and forms don't wait for it.
  server::WorkerPool remembering{1, server::kMostWaiting};

  Implementation(DashboardContent given, ServerOptions given_options)
      : content(std::move(given)),
        options(std::move(given_options)),
        kept(options.kept_pages),
        http(handler(), options.limits),
        making_pages(options.page_workers, server::kMostWaiting) {}

  // Jobs of one pool post to the others: none goes before all have ended.
  ~Implementation() {
    looking.join();
    making_pages.join();
    taking.join();
    remembering.join();
  }

  server::RequestHandler handler();
  DocumentOptions document_options() const;
  server::RouteRules rules() const;
  server::Admission admit(const Request& head) const;
  Response refuse(const Request& request, const Refusal& refusal) const;
  Response guarded(const Request& request, const std::function<Response()>& make) const;
  void answer(Request request, Reply reply);
  void post(server::WorkerPool& pool, const std::string& lane, Request request, Reply reply,
            std::function<Response(const Request&)> make);
  void post_job(server::WorkerPool& pool, const std::string& lane, Request request, Reply reply,
                std::function<void(Request&, Reply&)> job);
  Response health(const Request& request) const;
  std::string state() const;
  // Pages.
  Asked read_page(const Request& request, const std::vector<std::string>& projects) const;
  enum class Patience { as_set, endless };
  void look_up(Request request, Reply reply, Patience patience = Patience::as_set);
  void make_page(const std::string& both, const Asked& asked);
  void lose_patience(const std::string& both, std::uint64_t ticket);
  void recall(const Asked& asked);
  void remember(const Asked& asked, const KeptPage& made);
  std::chrono::milliseconds patience_for(const Asked& asked);
  Response older_page(const Asked& asked, const KeptPage& older) const;
  Response page_to_come(const Asked& asked, std::chrono::steady_clock::duration since) const;
  std::shared_ptr<const KeptPage> page_of(const PageRequest& page, const std::string& version);
  Response document_of(const Asked& asked, const KeptPage& kept_page) const;
  Response document_without_projects() const;
  std::string version_of(const PageRequest& page) const;
  // state: when they were made.
  std::string render(const std::vector<Page>& pages, const Asked& asked, const std::string& state) const;
  Response json_of(const Request& request);
  std::vector<Page> table_page(const PageRequest& page);
  std::vector<Result> find_results(const std::string& name, PageRequest request);
  void make_ahead(std::size_t place);
  void stay_ahead();
  // Writing.
  Response collect(const Request& request);
  std::string user_of(const Request& request) const;
  Response name_user(const std::string& name, const std::string& back) const;
  Response show_again(const PlanRequest& plan, const std::string& back, const Error& error) const;
  void take_webhook(const Request& request, const Reply& reply);
};

}  // namespace resident

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <base/error.hpp>
#include <base/text.hpp>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <views/server/request.hpp>
#include <views/server/server.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kLargestWebhook = std::size_t{26} << 20;

// 128 bits that nobody can guess.
std::string random_token() {
  std::random_device device;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", device());
  return token;
}

}  // namespace

struct DashboardServer::Implementation {
  DashboardContent content;
  ServerOptions options;
  httplib::Server server;
  std::mutex content_mutex;  // one page at a time
  std::atomic<bool> stopping{false}, stopped{false}, listening{false};
  int port = 0;
  const std::string token = random_token();

  void collect(const httplib::Request& request, httplib::Response& response);
  void set_headers(httplib::Response& response) const;
  void handle(const httplib::Request& request, httplib::Response& response);
  void answer(const httplib::Request& request, httplib::Response& response);
  void answer_json(const httplib::Request& request, httplib::Response& response);
  void check_host(const httplib::Request& request) const;
  std::vector<Result> find_results(const std::string& name, PageRequest request);
  void refuse(const httplib::Request& request, httplib::Response& response, const Refusal& refusal);
  DocumentOptions document_options() const;
};

DocumentOptions DashboardServer::Implementation::document_options() const {
  DocumentOptions document;
  document.title = options.title;
  document.served = true;
  document.navigation = navigation();
  return document;
}

namespace {

// Bodies go out as they are: over the loopback that is quicker than compression, and
// the library would choose the slowest there is (Brotli at its highest level).
void send(httplib::Response& response, std::string body, const char* type) {
  const std::size_t size = body.size();
  response.set_content_provider(
      size, type, [body = std::move(body)](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return sink.write(body.data() + offset, length);
      });
}

}  // namespace

void DashboardServer::Implementation::check_host(const httplib::Request& request) const {
  const std::string name = host_name(request.get_header_value("Host"));
  const bool known = name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name == to_lower(options.host);
  if (request.get_header_value_count("Host") != 1 || !known)
    throw Refusal{kMisdirected, "Unknown host name", "This server answers to localhost and 127.0.0.1 alone.",
                  "open " + fmt::format("http://127.0.0.1:{}/", port)};
}

void DashboardServer::Implementation::answer(const httplib::Request& request, httplib::Response& response) {
  const std::string slug = slug_of(request.path);
  if (slug.empty())
    throw Refusal{kNotFound, "No such page", fmt::format("There is no page {}.", fit_width(one_line(request.path), 60)),
                  "the pages are listed above"};
  const std::lock_guard lock(content_mutex);
  DocumentOptions document = document_options();
  document.projects = content.projects();
  if (document.projects.empty()) {
    Page empty{"today", "No project yet"};
    empty.markdown =
        "Declare a source and bring it up to date, then reload this page:\n\n```\nresident add git CLONE --project "
        "NAME\nresident sync\n```\n";
    send(response, render_document({empty}, document), "text/html; charset=utf-8");
    return;
  }
  PageRequest page = read_request(request, document.projects);
  page.slug = slug;
  document.project = page.project;
  if (page.as_of) document.as_of = request.get_param_value("as_of");
  // The past can be looked at; what is planned is planned for today.
  if (content.collect && !page.as_of) document.form_token = token;
  document.here = address_of(page);
  document.done = done_sentence(page.done);
  document.done_item = page.done_item;
  const std::vector<Page> pages = content.pages(page);
  if (pages.empty())
    throw Refusal{kNotFound, page.slug == "item" ? "No such item" : "No such thread",
                  page.slug == "item" ? fmt::format("{} has no issue or pull request #{} as of that moment.",
                                                    fit_width(one_line(page.project), 60), page.number)
                                      : "There is no thread of that key.",
                  "look for it with resident search"};
  send(response, render_document(pages, document), "text/html; charset=utf-8");
}

std::vector<Result> DashboardServer::Implementation::find_results(const std::string& name, PageRequest request) {
  if (content.results) return content.results(name, request);
  for (const std::string& slug : slugs_for(name, request)) {
    std::vector<Result> found;
    request.slug = slug;
    for (Page& page : content.pages(request))
      for (auto* results : {&page.results, &page.data})
        for (Result& result : *results)
          if (result.name == name) found.push_back(std::move(result));
    if (!found.empty()) return found;
  }
  return {};
}

void DashboardServer::Implementation::answer_json(const httplib::Request& request, httplib::Response& response) {
  const std::string name = request.path.substr(std::string_view("/api/").size());
  const std::lock_guard lock(content_mutex);
  const PageRequest page = read_request(request, content.projects());
  const std::vector<Result> results = find_results(name, page);
  if (results.empty())
    throw Refusal{kNotFound, "No such result", fmt::format("There is no result {}.", fit_width(one_line(name), 60)),
                  "each figure on a page links to its JSON"};
  RenderOptions rendering;
  if (const std::string fields = request.has_param("fields") ? request.get_param_value("fields") : std::string();
      !fields.empty())
    for (const std::string_view field : split(fields, ',')) rendering.fields.emplace_back(field);
  send(response, render_json(results, rendering), "application/json");
}

void DashboardServer::Implementation::refuse(const httplib::Request& request, httplib::Response& response,
                                             const Refusal& refusal) {
  response.status = refusal.status;
  if (request.path.starts_with("/api/")) {
    const nlohmann::ordered_json body{{"error", clean_text(refusal.message)}, {"hint", clean_text(refusal.hint)}};
    send(response, body.dump() + "\n", "application/json");
    return;
  }
  Page page{"error", refusal.title};
  page.intro = refusal.message + (refusal.hint.empty() ? "" : " What to do: " + refusal.hint + ".");
  DocumentOptions document = document_options();
  if (refusal.status == kMisdirected) document.navigation.clear();
  send(response, render_document({page}, document), "text/html; charset=utf-8");
}

// A form of one of our pages; another site's page can neither know the token nor hide that it is another's.
void DashboardServer::Implementation::collect(const httplib::Request& request, httplib::Response& response) {
  set_headers(response);
  try {
    check_host(request);
    const auto value = [&](const char* name) {
      return request.has_param(name) ? request.get_param_value(name) : std::string();
    };
    if (!is_from_here(request) || value("token") != token)
      throw Refusal{kForbidden, "Not from this page", "This was not sent by a page of this server.",
                    "reload the page and send it again"};
    PlanRequest plan{value("project"), value("kind"), value("content"), value("reason"), 0};
    const std::string item = value("item");
    if (item.empty() || item.size() > 15 || item.find_first_not_of("0123456789") != std::string::npos)
      throw Refusal{kBadRequest, "No such item", "The form names no item.", ""};
    plan.item_id = std::stoll(item);
    const std::lock_guard lock(content_mutex);
    const auto projects = content.projects();
    if (std::find(projects.begin(), projects.end(), plan.project) == projects.end())
      throw Refusal{kNotFound, "No such project",
                    fmt::format("There is no project {}.", fit_width(one_line(plan.project), 60)), ""};
    const std::string done = content.collect(plan);
    const std::string back = value("back");
    std::string there = has_forms(back) ? back : "/triage?project=" + escape_url(plan.project);
    if (!done.empty())
      there += fmt::format("{}done={}&on={}", there.find('?') == std::string::npos ? '?' : '&', escape_url(done),
                           plan.item_id);
    response.status = kSeeOther;
    response.set_header("Location", fmt::format("{}#item-{}", there, plan.item_id));
  } catch (const Refusal& refusal) {
    refuse(request, response, refusal);
  } catch (const Error& error) {
    refuse(request, response,
           {error.kind() == ErrorKind::usage ? kBadRequest : kFailed, "That did not work", error.what(), error.hint()});
  } catch (const std::exception& error) {
    refuse(request, response, {kFailed, "That did not work", error.what(), ""});
  }
}

void DashboardServer::Implementation::set_headers(httplib::Response& response) const {
  response.set_header("Content-Security-Policy", content_policy(true) + "; frame-ancestors 'none'");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("X-Frame-Options", "DENY");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cross-Origin-Opener-Policy", "same-origin");
  response.set_header("Cache-Control", "no-store");
}

void DashboardServer::Implementation::handle(const httplib::Request& request, httplib::Response& response) {
  set_headers(response);
  try {
    check_host(request);
    if (request.method != "GET" && request.method != "HEAD") {
      response.set_header("Allow", "GET, HEAD");
      throw Refusal{kNotAllowed, "Only reading", "The dashboard can be read, not written to.", ""};
    }
    if (request.path == "/health") {
      send(response, "ok\n", "text/plain; charset=utf-8");
    } else if (request.path.starts_with("/api/")) {
      answer_json(request, response);
    } else {
      answer(request, response);
    }
  } catch (const Refusal& refusal) {
    refuse(request, response, refusal);
  } catch (const Error& error) {
    const int status = error.kind() == ErrorKind::usage ? kBadRequest : kFailed;
    refuse(request, response, {status, "That did not work", error.what(), error.hint()});
  } catch (const std::exception& error) {
    refuse(request, response, {kFailed, "That did not work", error.what(), ""});
  }
}

DashboardServer::DashboardServer(DashboardContent content, ServerOptions options)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& self = *implementation_;
  self.content = std::move(content);
  self.options = std::move(options);
  if (self.content.webhook) {
    self.server.set_payload_max_length(kLargestWebhook);
    self.server.Post(R"(/webhooks/([^/]+))", [&self](const httplib::Request& request, httplib::Response& response) {
      const WebhookAnswer answer = self.content.webhook(
          {request.matches[1], request.body, request.get_header_value("X-GitHub-Delivery"),
           request.get_header_value("X-GitHub-Event"), request.get_header_value("X-Hub-Signature-256")});
      response.status = answer.status;
      response.set_content(answer.message + "\n", "text/plain; charset=utf-8");
    });
  }
  if (self.content.collect) {
    self.server.set_payload_max_length(kLargestWebhook);
    self.server.Post("/plan", [&self](const httplib::Request& request, httplib::Response& response) {
      self.collect(request, response);
    });
  }
  self.server.set_pre_routing_handler([&self](const httplib::Request& request, httplib::Response& response) {
    if (self.content.collect && request.method == "POST" && request.path == "/plan")
      return httplib::Server::HandlerResponse::Unhandled;
    if (self.content.webhook && request.method == "POST" && request.path.starts_with("/webhooks/"))
      return httplib::Server::HandlerResponse::Unhandled;
    self.handle(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  // The library's own choice lets two servers share a port; a taken port is an error.
  self.server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  self.server.set_keep_alive_max_count(1000);
  self.server.set_keep_alive_timeout(1);  // stop() waits that long at most
  self.server.set_read_timeout(5);
  self.server.set_tcp_nodelay(true);
}

DashboardServer::~DashboardServer() {
  stop();
}

int DashboardServer::bind() {
  Implementation& self = *implementation_;
  if (self.port) return self.port;
  if (self.options.port) {
    if (self.server.bind_to_port(self.options.host, self.options.port)) self.port = self.options.port;
  } else if (const int port = self.server.bind_to_any_port(self.options.host); port > 0) {
    self.port = port;
  }
  if (!self.port)
    throw Error(fmt::format("cannot listen on {} port {}", self.options.host, self.options.port),
                "choose another port, or --port 0 for any that is free");
  return self.port;
}

std::string DashboardServer::address() const {
  return fmt::format("http://{}:{}/", implementation_->options.host, implementation_->port);
}

void DashboardServer::listen() {
  Implementation& self = *implementation_;
  bind();
  self.listening = true;
  if (!self.stopping) self.server.listen_after_bind();
  self.listening = false;
}

void DashboardServer::stop() {
  Implementation& self = *implementation_;
  self.stopping = true;
  while (self.listening) {
    // The library ignores it until its loop runs, and takes it once alone.
    if (self.server.is_running() && !self.stopped.exchange(true)) self.server.stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace resident

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <base/error.hpp>
#include <base/text.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <server/dashboard_server.hpp>
#include <server/page_cache.hpp>
#include <server/page_request.hpp>
#include <server/routes.hpp>
#include <server/worker_pool.hpp>
#include <views/view.hpp>

namespace resident {

using namespace server;

namespace {

constexpr std::size_t kMostWaiting = 512;  // requests, for each kind of work
const Refusal kBusy{kUnavailable, "Too much at once", "Too many requests wait.", "try it again in a few seconds"};
constexpr std::string_view kHtml = "text/html; charset=utf-8";

// 128 bits that nobody can guess.
std::string random_token() {
  std::random_device device;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", device());
  return token;
}

const ServedFile* file_of(const std::string& path) {
  const auto& files = served_files();
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& each) { return each.address == path; });
  return found == files.end() ? nullptr : &*found;
}

Response with_body(int status, std::string body, std::string_view type) {
  Response response = Response::text(status, std::move(body));
  response.type = type;
  return response;
}

}  // namespace

struct DashboardServer::Implementation {
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
  };

  const DashboardContent content;
  const ServerOptions options;
  int port = 0;
  const std::string token = random_token();
  PageCache kept;
  std::mutex mutex;
  std::map<std::string, std::vector<WaitingForPage>> making;  // by key and version; each is made once for all
  HttpServer http;
  // Threads that refer to all of the above.
  WorkerPool looking{1, kMostWaiting}, making_pages, taking{2, kMostWaiting};

  Implementation(DashboardContent given, ServerOptions given_options)
      : content(std::move(given)),
        options(std::move(given_options)),
        kept(options.kept_pages),
        http(handler(), options.limits),
        making_pages(options.page_workers, kMostWaiting) {}

  RequestHandler handler();
  DocumentOptions document_options() const;
  RouteRules rules() const;
  Admission admit(const Request& head) const;
  Response refuse(const Request& request, const Refusal& refusal) const;
  Response guarded(const Request& request, const std::function<Response()>& make) const;
  void answer(Request request, Reply reply);
  void post(WorkerPool& pool, const std::string& lane, Request request, Reply reply,
            std::function<Response(const Request&)> make);
  void post_job(WorkerPool& pool, const std::string& lane, Request request, Reply reply,
                std::function<void(Request&, Reply&)> job);
  Response health(const Request& request) const;
  // Pages.
  Asked read_page(const Request& request, const std::vector<std::string>& projects) const;
  void look_up(Request request, Reply reply);
  void make_page(const std::string& both, const Asked& asked);
  std::shared_ptr<const KeptPage> page_of(const PageRequest& page, const std::string& version);
  Response document_of(const Asked& asked, const KeptPage& kept_page) const;
  Response document_without_projects() const;
  std::string version_of(const PageRequest& page) const;
  std::string render(const std::vector<Page>& pages, const Asked& asked) const;
  Response json_of(const Request& request);
  std::vector<Result> find_results(const std::string& name, PageRequest request);
  void make_ahead(std::size_t place);
  // Writing.
  Response collect(const Request& request);
  Response show_again(const PlanRequest& plan, const std::string& back, const Error& error) const;
  void take_webhook(const Request& request, const Reply& reply);
};

namespace {

// Of a page, whatever was done before it was asked for.
std::string key_of(const PageRequest& page) {
  return fmt::format("{}\n{}\n{}", page.slug, address_of(page), page.as_of_text);
}

// Pages that one works on share what was learnt, so that one is made after the other.
std::string lane_of(const PageRequest& page) {
  return fmt::format("{}\n{}", is_worked_on(page.slug) ? "" : page.slug, page.project);
}

void set_headers(Response& response) {
  static const std::string policy = content_policy(true) + "; frame-ancestors 'none'";
  response.with("Content-Security-Policy", policy)
      .with("X-Content-Type-Options", "nosniff")
      .with("X-Frame-Options", "DENY")
      .with("Referrer-Policy", "no-referrer")
      .with("Cross-Origin-Resource-Policy", "same-origin")
      .with("Cross-Origin-Opener-Policy", "same-origin");
  const bool says_how_long = std::any_of(response.headers.begin(), response.headers.end(),
                                         [](const auto& each) { return each.first == "Cache-Control"; });
  if (!says_how_long) response.with("Cache-Control", "no-store");
}

Refusal refusal_of(const Error& error) {
  return {error.kind() == ErrorKind::usage ? kBadRequest : kFailed, "That did not work", error.what(), error.hint()};
}

Response file_response(const Request& request, const ServedFile& file) {
  const std::string tag = '"' + file.address.substr(1) + '"';
  Response response;
  const std::string_view known = request.header("If-None-Match");
  if (known == "*" || known.find(tag) != std::string_view::npos) {
    response.status = kNotModified;
  } else {
    response.type = file.type;
    response.body = file.content;
  }
  response.with("ETag", tag).with("Cache-Control", "public, max-age=31536000, immutable");
  set_headers(response);
  return response;
}

}  // namespace

RequestHandler DashboardServer::Implementation::handler() {
  RequestHandler made;
  made.admit = [this](const Request& head) { return admit(head); };
  made.refuse = [this](const Request& head, const Refusal& why) { return refuse(head, why); };
  made.answer = [this](Request request, Reply reply) { answer(std::move(request), std::move(reply)); };
  return made;
}

DocumentOptions DashboardServer::Implementation::document_options() const {
  DocumentOptions document;
  document.title = options.title;
  document.served = true;
  document.navigation = navigation();
  return document;
}

RouteRules DashboardServer::Implementation::rules() const {
  return {options.host, port, static_cast<bool>(content.collect), static_cast<bool>(content.webhook)};
}

// By its head alone: what is refused here is never read on.
Admission DashboardServer::Implementation::admit(const Request& head) const {
  const auto routed = route(head, rules());
  if (const auto* taken = std::get_if<Routed>(&routed)) return {{}, taken->largest_body};
  const auto& refusal = std::get<Refusal>(routed);
  Response response = refuse(head, refusal);
  if (refusal.status == kNotAllowed) response.with("Allow", "GET, HEAD");
  return {std::move(response), 0};
}

Response DashboardServer::Implementation::refuse(const Request& request, const Refusal& refusal) const {
  Response response;
  if (request.path.starts_with(kApi)) {
    const nlohmann::ordered_json body{{"error", clean_text(refusal.message)}, {"hint", clean_text(refusal.hint)}};
    response = with_body(refusal.status, body.dump(2) + "\n", "application/json");
  } else if (request.path.starts_with(kWebhooks)) {
    response = Response::text(refusal.status, one_line(clean_text(refusal.message)) + "\n");
  } else {
    Page page{"error", refusal.title};
    page.intro = refusal.message + (refusal.hint.empty() ? "" : " What to do: " + refusal.hint + ".");
    DocumentOptions document = document_options();
    if (refusal.status == kMisdirected) document.navigation.clear();
    response = with_body(refusal.status, render_document({page}, document), kHtml);
  }
  if (refusal.status == kUnavailable) response.with("Retry-After", "5");
  set_headers(response);
  return response;
}

Response DashboardServer::Implementation::guarded(const Request& request, const std::function<Response()>& make) const {
  try {
    return make();
  } catch (const Refusal& refusal) {
    return refuse(request, refusal);
  } catch (const Error& error) {
    return refuse(request, refusal_of(error));
  } catch (const std::exception& error) {
    return refuse(request, {kFailed, "That did not work", error.what(), ""});
  }
}

// A job that answers when it likes.
void DashboardServer::Implementation::post_job(WorkerPool& pool, const std::string& lane, Request request, Reply reply,
                                               std::function<void(Request&, Reply&)> job) {
  const auto shared = std::make_shared<Waiting>(Waiting{std::move(request), std::move(reply)});
  if (!pool.post(lane, [shared, job = std::move(job)] { job(shared->request, shared->reply); }))
    shared->reply(refuse(shared->request, kBusy));
}

// A job whose result is the answer.
void DashboardServer::Implementation::post(WorkerPool& pool, const std::string& lane, Request request, Reply reply,
                                           std::function<Response(const Request&)> make) {
  post_job(pool, lane, std::move(request), std::move(reply),
           [this, make = std::move(make)](Request& asked, Reply& answer_to) {
             answer_to(guarded(asked, [&] { return make(asked); }));
           });
}

void DashboardServer::Implementation::answer(Request request, Reply reply) {
  if (const ServedFile* file = file_of(request.path)) return reply(file_response(request, *file));
  const auto routed = route(request, rules());
  const auto* to = std::get_if<Routed>(&routed);
  if (!to) return reply(refuse(request, std::get<Refusal>(routed)));
  switch (to->route) {
    case Route::webhook:
      return post_job(taking, "", std::move(request), std::move(reply),
                      [this](Request& delivery, Reply& answer_to) { take_webhook(delivery, answer_to); });
    case Route::form:
      return post(taking, "forms", std::move(request), std::move(reply),
                  [this](const Request& form) { return collect(form); });
    case Route::health:
      return post(looking, "", std::move(request), std::move(reply),
                  [this](const Request& asked) { return health(asked); });
    case Route::json: {
      const std::string lane = request.path;
      return post(making_pages, lane, std::move(request), std::move(reply),
                  [this](const Request& asked) { return json_of(asked); });
    }
    case Route::page:
      return post_job(looking, "", std::move(request), std::move(reply),
                      [this](Request& asked, Reply& answer_to) { look_up(std::move(asked), std::move(answer_to)); });
  }
}

Response DashboardServer::Implementation::health(const Request& request) const {
  try {
    if (content.check_health) content.check_health();
  } catch (const std::exception& error) {
    return refuse(request, {kUnavailable, "No store", error.what(), ""});
  }
  Response response = Response::text(kOk, "ok\n");
  set_headers(response);
  return response;
}

std::string DashboardServer::Implementation::version_of(const PageRequest& page) const {
  return content.version ? content.version(page) : std::string();
}

// What a request for a page asks for; throws Refusal.
DashboardServer::Implementation::Asked DashboardServer::Implementation::read_page(
    const Request& request, const std::vector<std::string>& projects) const {
  const std::string slug = slug_of(request.path);
  if (slug.empty())
    throw Refusal{kNotFound, "No such page",
                  fmt::format("There is no page {}.", fit_width(one_line(clean_text(request.path)), 60)),
                  "the pages are listed above"};
  Asked asked;
  if (projects.empty()) return asked;
  asked.page = read_request(request, projects);
  asked.page.slug = slug;
  asked.key = key_of(asked.page);
  asked.version = version_of(asked.page);
  asked.projects = projects;
  return asked;
}

// Pages that are kept are answered at once; others are made, each once for all who wait for it.
void DashboardServer::Implementation::look_up(Request request, Reply reply) {
  Asked asked;
  bool is_answered = true;
  Response response = guarded(request, [&]() -> Response {
    asked = read_page(request, content.projects());
    if (asked.projects.empty()) return document_without_projects();
    if (const auto found = asked.version.empty() ? nullptr : kept.find(asked.key, asked.version))
      return document_of(asked, *found);
    is_answered = false;
    return {};
  });
  if (is_answered) return reply(std::move(response));
  const std::string lane = lane_of(asked.page);
  if (asked.version.empty())
    return post(making_pages, lane, std::move(request), std::move(reply),
                [this, asked](const Request&) { return document_of(asked, *page_of(asked.page, {})); });
  const std::string both = fmt::format("{}\n\n{}", asked.key, asked.version);
  const std::lock_guard lock(mutex);
  // It may have been made meanwhile.
  if (const auto found = kept.find(asked.key, asked.version))
    return reply(guarded(request, [&] { return document_of(asked, *found); }));
  auto& waiting = making[both];
  waiting.push_back({std::move(request), std::move(reply), asked});
  if (waiting.size() > 1 || making_pages.post(lane, [this, both, asked] { make_page(both, asked); })) return;
  const WaitingForPage refused = std::move(waiting.back());
  making.erase(both);
  refused.reply(refuse(refused.request, kBusy));
}

void DashboardServer::Implementation::make_page(const std::string& both, const Asked& asked) {
  std::shared_ptr<const KeptPage> made;
  std::exception_ptr trouble;
  try {
    made = page_of(asked.page, asked.version);
  } catch (...) {
    trouble = std::current_exception();
  }
  std::vector<WaitingForPage> waiting;
  {
    const std::lock_guard lock(mutex);
    waiting = std::move(making[both]);
    making.erase(both);
  }
  for (const auto& each : waiting)
    each.reply(guarded(each.request, [&] {
      if (trouble) std::rethrow_exception(trouble);
      return document_of(each.asked, *made);
    }));
}

// The pages that every page links to, one after the other, so that who comes finds them made. Nobody waits for them.
void DashboardServer::Implementation::make_ahead(std::size_t place) {
  if (!content.version || place >= navigation().size()) return;
  Request request;
  request.path = navigation()[place].first;
  post_job(
      looking, "", std::move(request), [this, place](const Response&) { make_ahead(place + 1); },
      [this](Request& asked, Reply& answer_to) { look_up(std::move(asked), std::move(answer_to)); });
}

// Made, where it is not kept.
std::shared_ptr<const KeptPage> DashboardServer::Implementation::page_of(const PageRequest& page,
                                                                         const std::string& version) {
  const std::string key = key_of(page);
  if (!version.empty())
    if (auto found = kept.find(key, version)) return found;
  const auto made = std::make_shared<KeptPage>();
  made->pages = content.pages(page);
  if (!made->pages.empty()) {
    Asked plain{page, {}, {}, content.projects()};
    plain.page.done.clear();
    made->document = std::make_shared<const std::string>(render(made->pages, plain));
  }
  if (!version.empty()) kept.keep(key, version, made);
  return made;
}

std::string DashboardServer::Implementation::render(const std::vector<Page>& pages, const Asked& asked) const {
  DocumentOptions document = document_options();
  document.projects = asked.projects;
  document.project = asked.page.project;
  document.as_of = asked.page.as_of_text;
  // The past can be looked at; what is planned is planned for today.
  if (content.collect && !asked.page.as_of) document.form_token = token;
  document.here = address_of(asked.page);
  document.done = done_sentence(asked.page.done);
  document.done_item = asked.page.done_item;
  return render_document(pages, document);
}

Response DashboardServer::Implementation::document_without_projects() const {
  Page empty{"today", "No project yet"};
  empty.markdown =
      "Declare a source and bring it up to date, then reload this page:\n\n```\nresident add git CLONE --project "
      "NAME\nresident sync\n```\n";
  Response response = with_body(kOk, render_document({empty}, document_options()), kHtml);
  set_headers(response);
  return response;
}

Response DashboardServer::Implementation::document_of(const Asked& asked, const KeptPage& kept_page) const {
  const PageRequest& page = asked.page;
  if (kept_page.pages.empty())
    throw Refusal{kNotFound, page.slug == "item" ? "No such item" : "No such thread",
                  page.slug == "item" ? fmt::format("{} has no issue or pull request #{} as of that moment.",
                                                    fit_width(one_line(page.project), 60), page.number)
                                      : "There is no thread of that key.",
                  "look for it with resident search"};
  Response response;
  response.type = kHtml;
  response.body =
      page.done.empty() ? kept_page.document : std::make_shared<const std::string>(render(kept_page.pages, asked));
  set_headers(response);
  return response;
}

std::vector<Result> DashboardServer::Implementation::find_results(const std::string& name, PageRequest request) {
  if (content.results) return content.results(name, request);
  for (const std::string& slug : slugs_for(name, request)) {
    std::vector<Result> found;
    request.slug = slug;
    const auto made = page_of(request, version_of(request));
    for (const Page& page : made->pages)
      for (const auto* results : {&page.results, &page.data})
        for (const Result& result : *results)
          if (result.name == name) found.push_back(result);
    if (!found.empty()) return found;
  }
  return {};
}

Response DashboardServer::Implementation::json_of(const Request& request) {
  const std::string name = request.path.substr(kApi.size());
  const PageRequest page = read_request(request, content.projects());
  std::vector<Result> results = find_results(name, page);
  for (Result& result : results) hide_emails(result);
  if (results.empty())
    throw Refusal{kNotFound, "No such result",
                  fmt::format("There is no result {}.", fit_width(one_line(clean_text(name)), 60)),
                  "each figure on a page links to its JSON"};
  RenderOptions rendering;
  if (const std::string fields = request.parameter("fields"); !fields.empty())
    for (const std::string_view field : split(fields, ',')) rendering.fields.emplace_back(field);
  Response response = with_body(kOk, render_json(results, rendering), "application/json");
  set_headers(response);
  return response;
}

// A form of one of our pages; another site's page can neither know the token nor hide that it is another's.
Response DashboardServer::Implementation::collect(const Request& request) {
  const bool is_form_data = request.header("Content-Type").starts_with("application/x-www-form-urlencoded");
  const auto fields = is_form_data ? read_fields(request.body) : Fields();
  if (!fields) throw Refusal{kBadRequest, "Not a form", "The form cannot be read.", ""};
  const auto value = [&](const char* name) { return field(*fields, name); };
  if (value("token") != token)
    throw Refusal{kForbidden, "Not from this page", "This was not sent by a page of this server.",
                  "reload the page and send it again"};
  PlanRequest plan{value("project"), value("kind"), value("content"), value("reason"), 0};
  const std::string item = value("item"), back = value("back");
  if (item.empty() || item.size() > 15 || item.find_first_not_of("0123456789") != std::string::npos)
    throw Refusal{kBadRequest, "No such item", "The form names no item.", ""};
  plan.item_id = std::stoll(item);
  const auto projects = content.projects();
  if (std::find(projects.begin(), projects.end(), plan.project) == projects.end())
    throw Refusal{kNotFound, "No such project",
                  fmt::format("There is no project {}.", fit_width(one_line(clean_text(plan.project)), 60)), ""};
  try {
    const std::string done = content.collect(plan);
    std::string there = has_forms(back) ? back : "/triage?project=" + escape_url(plan.project);
    if (!done.empty())
      there += fmt::format("{}done={}&on={}", there.find('?') == std::string::npos ? '?' : '&', escape_url(done),
                           plan.item_id);
    Response response;
    response.status = kSeeOther;
    response.with("Location", fmt::format("{}#item-{}", there, plan.item_id));
    set_headers(response);
    return response;
  } catch (const Error& error) {
    if (trim(plan.content).empty()) throw;
    return show_again(plan, back, error);
  }
}

// What was typed is not lost because it could not be taken.
Response DashboardServer::Implementation::show_again(const PlanRequest& plan, const std::string& back,
                                                     const Error& error) const {
  const Refusal why = refusal_of(error);
  Page page{"error", why.title};
  page.intro = why.message + (why.hint.empty() ? "" : " What to do: " + why.hint + ".");
  ActionCard card;
  card.item_id = plan.item_id;
  card.title = "What you typed";
  ActionForm form;
  form.kind = plan.kind;
  form.content = plan.content;
  form.reason = plan.reason;
  form.shows_reason = false;
  form.button = "Send it again";
  form.label = "As it was";
  form.input = plan.kind == "comment" || plan.kind == "note" ? ActionForm::Input::text : ActionForm::Input::line;
  card.forms = {form};
  page.cards = {card};
  DocumentOptions document = document_options();
  document.project = plan.project;
  document.form_token = token;
  document.here = has_forms(back) ? back : "/triage?project=" + escape_url(plan.project);
  page.links = {{document.here, "Back to the page"}};
  Response response = with_body(why.status, render_document({page}, document), kHtml);
  set_headers(response);
  return response;
}

void DashboardServer::Implementation::take_webhook(const Request& request, const Reply& reply) {
  WebhookRequest webhook{request.path.substr(kWebhooks.size()), request.body, {}};
  for (const auto& [name, value] : request.headers) webhook.headers.emplace(to_lower(name), value);
  try {
    content.webhook(
        webhook, [reply](const WebhookAnswer& answer) { reply(Response::text(answer.status, answer.message + "\n")); });
  } catch (const std::exception&) {
    reply(Response::text(kFailed, "it could not be taken\n"));
  }
}

DashboardServer::DashboardServer(DashboardContent content, ServerOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(content), std::move(options))) {}

DashboardServer::~DashboardServer() = default;

int DashboardServer::bind() {
  Implementation& self = *implementation_;
  if (!self.port) self.port = self.http.bind(self.options.host, self.options.port);
  return self.port;
}

std::string DashboardServer::address() const {
  return fmt::format("http://{}:{}/", implementation_->options.host, implementation_->port);
}

void DashboardServer::listen() {
  bind();
  implementation_->make_ahead(0);
  implementation_->http.run();
}

void DashboardServer::stop() {
  implementation_->http.stop();
}

bool DashboardServer::finish(std::chrono::milliseconds patience) {
  Implementation& self = *implementation_;
  self.looking.stop(std::chrono::milliseconds(0));
  const bool are_made = self.making_pages.stop(patience);
  // What is being noted is noted.
  return self.taking.stop(std::chrono::minutes(1)) && are_made;
}

}  // namespace resident

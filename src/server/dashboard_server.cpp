#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <server/dashboard.hpp>
#include <server/page_request.hpp>
#include <views/view.hpp>

namespace resident {

namespace server {

Response with_body(int status, std::string body, std::string_view type) {
  Response response = Response::text(status, std::move(body));
  response.type = type;
  return response;
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

std::string random_token() {
  std::random_device device;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", device());
  return token;
}

}  // namespace server

using namespace server;

namespace {

const ServedFile* file_of(const std::string& path) {
  const auto& files = served_files();
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& each) { return each.address == path; });
  return found == files.end() ? nullptr : &*found;
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
namespace {

constexpr std::string_view kUserCookie = "resident_user";
constexpr std::size_t kLongestUser = 100;

// The value of a cookie (RFC 6265), decoded; "" where there is none.
std::string cookie_of(const Request& request, std::string_view name) {
  for (const std::string_view pair : split(request.header("Cookie"), ';')) {
    const std::string_view one = trim(pair);
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == name)
      return decode_percent(one.substr(equals + 1), false).value_or("");
  }
  return {};
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
  return {options.host,        port,         static_cast<bool>(content.collect), static_cast<bool>(content.webhook),
          options.user_header, options.names};
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
    case Route::state:
      return post(looking, "", std::move(request), std::move(reply), [this](const Request&) {
        Response response = Response::text(kOk, state() + "\n");
        set_headers(response);
        return response;
      });
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

std::string DashboardServer::Implementation::state() const {
  return content.state ? content.state() : std::string();
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

// A form of one of our pages; another site's page can neither know the token nor hide that it is another's.
Response DashboardServer::Implementation::collect(const Request& request) {
  const bool is_form_data = request.header("Content-Type").starts_with("application/x-www-form-urlencoded");
  const auto fields = is_form_data ? read_fields(request.body) : Fields();
  if (!fields) throw Refusal{kBadRequest, "Not a form", "The form cannot be read.", ""};
  const auto value = [&](const char* name) { return field(*fields, name); };
  if (value("token") != token)
    throw Refusal{kForbidden, "Not from this page", "This was not sent by a page of this server.",
                  "reload the page and send it again"};
  PlanRequest plan{value("project"), value("kind"), value("content"), value("reason"), 0, user_of(request)};
  const std::string item = value("item"), back = value("back");
  if (plan.kind == "user") return name_user(plan.content, back);
  if (item.empty() || item.size() > 15 || item.find_first_not_of("0123456789") != std::string::npos)
    throw Refusal{kBadRequest, "No such item", "The form names no item.", ""};
  plan.item_id = std::stoll(item);
  const auto projects = content.projects();
  if (std::find(projects.begin(), projects.end(), plan.project) == projects.end())
    throw Refusal{kNotFound, "No such project",
                  fmt::format("There is no project {}.", fit_width(one_line(clean_text(plan.project)), 60)), ""};
  try {
    const std::string done = content.collect(plan);
    ++forms;
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

// Who asks: whom the proxy names, else the name that this browser keeps.
std::string DashboardServer::Implementation::user_of(const Request& request) const {
  const std::string name =
      options.user_header.empty() ? cookie_of(request, kUserCookie) : std::string(request.header(options.user_header));
  return one_line(clean_text(trim(name), kLongestUser));
}

// Keeps a local name in the browser that sent it; an empty one is forgotten.
Response DashboardServer::Implementation::name_user(const std::string& name, const std::string& back) const {
  if (!options.user_header.empty())
    throw Refusal{kForbidden, "Named already", "The proxy in front of this server says who you are.", ""};
  const std::string shown = one_line(clean_text(trim(name), kLongestUser));
  Response response;
  response.status = kSeeOther;
  response.with("Location", has_forms(back) ? back : "/triage")
      .with("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}", kUserCookie,
                                      escape_url(shown), shown.empty() ? 0 : 365 * 86400));
  set_headers(response);
  return response;
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
  implementation_->stay_ahead();
  implementation_->http.run();
}

void DashboardServer::stop() {
  implementation_->http.stop();
}

bool DashboardServer::finish(std::chrono::milliseconds patience) {
  Implementation& self = *implementation_;
  self.looking.stop(std::chrono::milliseconds(0));
  const bool are_made = self.making_pages.stop(patience);
  const bool are_kept = self.remembering.stop(patience);
  // What is being noted is noted.
  return self.taking.stop(std::chrono::minutes(1)) && are_made && are_kept;
}

}  // namespace resident

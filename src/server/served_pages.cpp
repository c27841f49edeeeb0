#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <server/dashboard.hpp>
#include <server/page_request.hpp>
#include <tuple>
#include <views/view.hpp>

namespace resident {

using namespace server;

namespace {

constexpr std::size_t kRowsOfTable = 500;  // on a page of its own
// How a Result can be had, beside on its page.
struct Download {
  std::string_view format, type;
};
constexpr Download kDownloads[] = {
    {"json", "application/json"}, {"csv", "text/csv; charset=utf-8"}, {"md", "text/markdown; charset=utf-8"}};

constexpr std::chrono::minutes kRemembered{
    60};  // a page is kept for the next server no oftener, while sources are the same
constexpr std::size_t kMostRemembered = 500;  // pages

constexpr std::chrono::seconds kAhead{30};  // between two looks whether pages are to be made ahead

// Of a page, whatever was done before it was asked for.
std::string key_of(const PageRequest& page) {
  return fmt::format("{}\n{}\n{}\n{}", page.slug, address_of(page), page.as_of_text, page.user);
}

PageRequest today_of(const std::string& project) {
  PageRequest request;
  request.slug = "today";
  request.project = project;
  return request;
}

// The page's own address, as of the moment that was asked for.
std::string address_with_moment(const PageRequest& page) {
  return address_of(page) + (page.as_of_text.empty() ? "" : "&as_of=" + escape_url(page.as_of_text));
}

// The document with a line above all it says; notice: as HTML.
std::string with_notice(const std::string& document, const std::string& notice) {
  static constexpr std::string_view kBegin = "<main id=\"main\" tabindex=\"-1\">\n";
  const std::size_t at = document.find(kBegin);  // the first is the element: what others wrote is escaped
  if (at == std::string::npos) return document;
  std::string out = document;
  return out.insert(at + kBegin.size(), fmt::format("<p class=\"older\" role=\"status\">{}</p>\n", notice));
}

// A page of the navigation with no choice but the project.
bool is_plain(const PageRequest& page) {
  const auto& entries = navigation();
  return !page.as_of && page.from == 0 && page.number == 0 && page.kind.empty() && page.key.empty() &&
         page.of.empty() && page.table.empty() && page.arguments.empty() &&
         std::any_of(entries.begin(), entries.end(),
                     [&](const auto& entry) { return slug_of(entry.first) == page.slug; });
}

std::string replaced(const std::string& text, const std::string& what, const std::string& with) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at; !what.empty() && (at = text.find(what, begin)) != std::string::npos; begin = at + what.size())
    out.append(text, begin, at - begin).append(with);
  return out.append(text, begin);
}

// A document of another version of this program links to scripts that are not there any more.
bool links_to_files_here(const std::string& document) {
  const auto& files = served_files();
  return std::all_of(files.begin(), files.end(),
                     [&](const ServedFile& file) { return document.find(file.address) != std::string::npos; });
}

// Pages that one works on share what was learnt, so that one is made after the other.
std::string lane_of(const PageRequest& page) {
  return fmt::format("{}\n{}", is_worked_on(page.slug) ? "" : page.slug, page.project);
}

}  // namespace

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
  if (is_worked_on(slug) || slug == "today") asked.page.user = user_of(request);
  asked.key = key_of(asked.page);
  asked.version = version_of(asked.page);
  asked.projects = projects;
  return asked;
}

// Pages that are kept are answered at once; others are made, each once for all who wait for it.
void DashboardServer::Implementation::look_up(Request request, Reply reply, Patience patience) {
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
  recall(asked);
  const std::string both = fmt::format("{}\n\n{}", asked.key, asked.version);
  const std::lock_guard lock(mutex);
  // It may have been made meanwhile.
  if (const auto found = kept.find(asked.key, asked.version))
    return reply(guarded(request, [&] { return document_of(asked, *found); }));
  const auto [being_made, is_first] = making.try_emplace(both);
  auto& waiting = being_made->second.waiting;
  waiting.push_back({std::move(request), std::move(reply), asked, ++tickets});
  if (!is_first || making_pages.post(lane, [this, both, asked] { make_page(both, asked); })) {
    if (patience == Patience::as_set)
      http.after(patience_for(asked), [this, both, ticket = tickets] { lose_patience(both, ticket); });
    return;
  }
  const WaitingForPage refused = std::move(waiting.back());
  making.erase(being_made);
  refused.reply(refuse(refused.request, kBusy));
}

// Nobody waits for what took longer the last time, where there is a page of before to show: of what one works on only
// by an earlier server, since this one has learnt what takes long.
std::chrono::milliseconds DashboardServer::Implementation::patience_for(const Asked& asked) {
  const auto older = kept.newest(asked.key);
  if (!older || older->took <= options.patience || (is_worked_on(asked.page.slug) && !older->is_recalled))
    return options.patience;
  return std::chrono::milliseconds(0);
}

// What an earlier server made of it is to show meanwhile.
void DashboardServer::Implementation::recall(const Asked& asked) {
  if (!content.recall || !is_plain(asked.page) || kept.newest(asked.key)) return;
  try {
    const auto found = content.recall(asked.page);
    if (!found || !links_to_files_here(found->document)) return;
    const auto page = std::make_shared<KeptPage>();
    page->document = std::make_shared<const std::string>(replaced(found->document, found->token, token));
    page->begun = std::chrono::system_clock::from_time_t(found->made_at);
    page->took = std::chrono::milliseconds(found->milliseconds);
    page->is_recalled = true;
    kept.keep(asked.key, "recalled", page);
  } catch (const std::exception&) {
    // It is made.
  }
}

void DashboardServer::Implementation::remember(const Asked& asked, const KeptPage& made) {
  if (!content.remember || !made.document || !is_plain(asked.page)) return;
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex);
    const auto found = remembered.find(asked.key);
    if (found == remembered.end() ? remembered.size() >= kMostRemembered
                                  : found->second.state == made.state && now - found->second.at < kRemembered)
      return;
    remembered[asked.key] = {made.state, now};
  }
  const std::string stand_in = random_token();
  try {
    content.remember(asked.page, {replaced(*made.document, token, stand_in), stand_in,
                                  std::chrono::system_clock::to_time_t(made.begun), made.took.count()});
  } catch (const std::exception&) {
    // The next server makes it.
  }
}

// Who waited long enough is shown the page as it was before; where a form was taken since, they wait on: it would look
// as if what that did had got lost.
void DashboardServer::Implementation::lose_patience(const std::string& both, std::uint64_t ticket) {
  std::optional<WaitingForPage> waiting;
  std::shared_ptr<const KeptPage> older;
  std::chrono::steady_clock::duration since{};
  {
    const std::lock_guard lock(mutex);
    const auto being_made = making.find(both);
    if (being_made == making.end()) return;
    auto& all = being_made->second.waiting;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const WaitingForPage& each) { return each.ticket == ticket; });
    if (found == all.end() || !found->asked.page.done.empty()) return;
    older = kept.newest(found->asked.key);
    if (older && (!older->document || older->forms != forms)) return;
    since = std::chrono::steady_clock::now() - being_made->second.begun;
    waiting = std::move(*found);
    all.erase(found);
  }
  waiting->reply(guarded(waiting->request, [&] {
    return older ? older_page(waiting->asked, *older) : page_to_come(waiting->asked, since);
  }));
}

Response DashboardServer::Implementation::older_page(const Asked& asked, const KeptPage& older) const {
  const auto made_at = std::chrono::system_clock::to_time_t(older.begun);
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() - older.begun);
  const std::string notice =
      fmt::format("This page is of {}, {} ago; a newer one is being made. <a href=\"{}\">Show the newer one</a>",
                  format_time(made_at), format_duration(static_cast<double>(std::max<std::int64_t>(age.count(), 1))),
                  escape_html(address_with_moment(asked.page)));
  Response response = with_body(kOk, with_notice(*older.document, notice), kHtml);
  response.with("X-Resident-Page", "older");
  set_headers(response);
  return response;
}

Response DashboardServer::Implementation::page_to_come(const Asked& asked,
                                                       std::chrono::steady_clock::duration since) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  Page page{asked.page.slug, "Being made"};
  page.intro = fmt::format(
      "This page is being made for the first time, for {} so far. It is read from the whole project, and shown here as "
      "soon as it is there.",
      format_duration(static_cast<double>(std::max<std::int64_t>(seconds, 1))));
  page.links = {{address_with_moment(asked.page), "Look again"}};
  DocumentOptions document = document_options();
  document.projects = asked.projects;
  document.project = asked.page.project;
  document.as_of = asked.page.as_of_text;
  Response response = with_body(kOk, render_document({page}, document), kHtml);
  response.with("X-Resident-Page", "to come").with("Refresh", "2");
  set_headers(response);
  return response;
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
    waiting = std::move(making[both].waiting);
    making.erase(both);
  }
  for (const auto& each : waiting)
    each.reply(guarded(each.request, [&] {
      if (trouble) std::rethrow_exception(trouble);
      return document_of(each.asked, *made);
    }));
  if (made) remembering.post("", [this, asked, made] { remember(asked, *made); });
}

// The pages that every page links to, one after the other, so that who comes finds them made. Nobody waits for them.
void DashboardServer::Implementation::make_ahead(std::size_t place) {
  if (place >= navigation().size()) return;
  Request request;
  request.path = navigation()[place].first;
  post_job(
      looking, "", std::move(request), [this, place](const Response&) { make_ahead(place + 1); },
      [this](Request& asked, Reply& answer_to) { look_up(std::move(asked), std::move(answer_to), Patience::endless); });
}

// Again whenever sources were read since.
void DashboardServer::Implementation::stay_ahead() {
  if (!content.version) return;
  post_job(
      looking, "", {}, [](const Response&) {},
      [this](Request&, Reply&) {
        std::string version;
        try {
          if (const auto projects = content.projects(); !projects.empty())
            version = version_of(today_of(projects.front()));
        } catch (const std::exception&) {
          // The store is away: whoever asks for a page is told.
        }
        if (!version.empty() && version != made_ahead_of) {
          made_ahead_of = version;
          make_ahead(0);
        }
        http.after(kAhead, [this] { stay_ahead(); });
      });
}

// Made, where it is not kept.
std::shared_ptr<const KeptPage> DashboardServer::Implementation::page_of(const PageRequest& page,
                                                                         const std::string& version) {
  const std::string key = key_of(page);
  if (!version.empty())
    if (auto found = kept.find(key, version)) return found;
  const auto made = std::make_shared<KeptPage>();
  const auto begun = std::chrono::steady_clock::now();
  made->begun = std::chrono::system_clock::now();
  made->forms = forms;
  made->state = state();
  made->pages = page.slug == "table" ? table_page(page) : content.pages(page);
  if (!made->pages.empty()) {
    Asked plain{page, {}, {}, content.projects()};
    plain.page.done.clear();
    made->document = std::make_shared<const std::string>(render(made->pages, plain, made->state));
  }
  made->took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  if (!version.empty()) kept.keep(key, version, made);
  return made;
}

std::string DashboardServer::Implementation::render(const std::vector<Page>& pages, const Asked& asked,
                                                    const std::string& state) const {
  DocumentOptions document = document_options();
  document.state = state;
  document.projects = asked.projects;
  document.project = asked.page.project;
  document.as_of = asked.page.as_of_text;
  // The past can be looked at; what is planned is planned for today.
  if (content.collect && !asked.page.as_of) document.form_token = token;
  document.here = address_of(asked.page);
  if (asked.page.slug == "table") document.most_rows = kRowsOfTable;
  document.user = asked.page.user;
  document.names_user = options.user_header.empty() && (is_worked_on(asked.page.slug) || asked.page.slug == "today");
  document.done = done_sentence(asked.page.done);
  document.done_item = asked.page.done_item;
  std::tie(document.undo_kind, document.undo_content) = undo_of(asked.page.done);
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
    throw Refusal{kNotFound,
                  page.slug == "item"     ? "No such item"
                  : page.slug == "table"  ? "No such table"
                  : page.slug == "module" ? "No such module"
                                          : "No such thread",
                  page.slug == "item"     ? fmt::format("{} has no issue or pull request #{} as of that moment.",
                                                        fit_width(one_line(page.project), 60), page.number)
                  : page.slug == "table"  ? "No page has a table of that name with so many rows."
                  : page.slug == "module" ? "The project has no module of that name."
                                          : "There is no thread of that key.",
                  page.slug == "module" ? "resident modules lists them" : "look for it with resident search"};
  Response response;
  response.type = kHtml;
  response.body = page.done.empty()
                      ? kept_page.document
                      : std::make_shared<const std::string>(render(kept_page.pages, asked, kept_page.state));
  set_headers(response);
  return response;
}

// The rows of one Result, so many at a time; its picture stands on the page that it is of.
std::vector<Page> DashboardServer::Implementation::table_page(const PageRequest& request) {
  PageRequest of = request;
  of.from = 0;
  of.table.clear();
  std::vector<Result> found = find_results(request.table, of);
  if (found.empty()) return {};
  Result& result = found.front();
  const std::size_t count = result.rows.size(), begin = static_cast<std::size_t>(request.from);
  if (begin > 0 && begin >= count) return {};
  const std::size_t end = std::min(count, begin + kRowsOfTable);
  result.rows = {result.rows.begin() + static_cast<std::ptrdiff_t>(begin),
                 result.rows.begin() + static_cast<std::ptrdiff_t>(end)};
  result.chart = {};
  Page page{"table", result.title.empty() ? result.name : result.title};
  if (end - begin < count)
    page.intro =
        fmt::format("Rows {} to {} of {}.", with_thousands(static_cast<long long>(begin + 1)),
                    with_thousands(static_cast<long long>(end)), with_thousands(static_cast<long long>(count)));
  const auto add_link = [&](std::size_t from, const char* title) {
    PageRequest there = request;
    there.from = static_cast<std::int64_t>(from);
    page.links.emplace_back(address_with_moment(there), title);
  };
  if (begin > 0) add_link(begin - std::min(begin, kRowsOfTable), "The rows before");
  if (end < count) add_link(end, "The next rows");
  page.query = {{"of", request.of},
                {"name", request.table},
                {"number", request.number > 0 ? std::to_string(request.number) : ""},
                {"kind", request.kind},
                {"key", request.key}};
  page.results = {std::move(result)};
  return {std::move(page)};
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
  const std::string format = request.parameter("format").empty() ? "json" : request.parameter("format");
  const auto chosen = std::find_if(std::begin(kDownloads), std::end(kDownloads),
                                   [&](const Download& each) { return each.format == format; });
  if (chosen == std::end(kDownloads))
    throw Refusal{kBadRequest, "No such format",
                  fmt::format("{} is no format of a result.", fit_width(one_line(clean_text(format)), 60)),
                  "format is json, csv or md"};
  Response response = with_body(kOk, find_view(format).render(results, rendering), chosen->type);
  if (format != "json")
    response.with("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", results.front().name, format));
  set_headers(response);
  return response;
}

}  // namespace resident

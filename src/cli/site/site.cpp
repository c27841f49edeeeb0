#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cli/site/feed.hpp>
#include <cli/site/folder.hpp>
#include <cli/site/hints.hpp>
#include <cli/site/site.hpp>
#include <cstdlib>
#include <filesystem>
#include <framework/veil.hpp>
#include <set>
#include <store/identities.hpp>
#include <views/card_svg.hpp>
#include <views/page.hpp>
#include <views/picture_png.hpp>
#include <views/view.hpp>

namespace resident::site {

namespace {

constexpr std::size_t kLargestPage = 150'000;  // bytes, without what all pages share
// Of a table, and of each curve (0: all): the first that make the page small enough.
constexpr std::pair<std::size_t, std::size_t> kRowsAndPoints[] = {{50, 0},  {25, 0}, {10, 400}, {10, 200},
                                                                  {5, 100}, {5, 60}, {3, 40}};
constexpr std::size_t kEventsShown = 12;          // on the first page
constexpr std::size_t kLongestDescription = 300;  // of a page, for those who link to it

// --- What it is made of ---

PeopleShown people_shown(const Context& context) {
  const std::string& people = context.config.site.people;
  if (people == "none") return PeopleShown::nobody;
  if (people == "logins") return PeopleShown::by_login;
  return PeopleShown::by_name;  // the configuration takes no other
}

// Without a moment that was asked for, the one that every command would have taken when the project's sources were read
// last: nothing is known of what came later, and the site stays the same until they are read again.
Context context_of(const Invocation& invocation, Database& database) {
  const Context now = invocation.context(database);
  const auto read =
      database.integer("SELECT max(synced_at) FROM source WHERE project_id = :project", {{"project", now.project_id}});
  const auto asked = invocation.as_of_time();
  Context context = open_context(database, invocation.load_config(), now.project, asked,
                                 asked || !read ? invocation.clock.now() : *read);
  context.people_shown = people_shown(context);
  return context;
}

std::string base_url_of(const Context& context, const Wishes& wishes) {
  const std::string& given = wishes.base_url.empty() ? context.config.site.base_url : wishes.base_url;
  if (given.empty()) return {};
  std::string url = safe_url(given);
  if (url.empty() || url.find_first_of("?#") != std::string::npos)
    throw Error(ErrorKind::usage, fmt::format("--base-url: {} is no address of a site", one_line(given)),
                "write it like https://example.org/project/");
  if (!url.ends_with('/')) url += '/';
  return url;
}

// The program that runs, as its file stands: a new build makes the site anew.
std::string program_print() {
  struct stat file {};
  if (stat("/proc/self/exe", &file) != 0) return RESIDENT_VERSION;
  return fmt::format("{} {} {}", RESIDENT_VERSION, file.st_size, file.st_mtime);
}

// The user's own metrics, which are files.
std::string metrics_print() {
  std::set<std::string> files;
  const char* folder = std::getenv("RESIDENT_METRICS");
  if (!folder || !*folder) return {};
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    struct stat file {};
    if (stat(entry.path().c_str(), &file) == 0)
      files.insert(fmt::format("{} {} {}", entry.path().string(), file.st_size, file.st_mtime));
  }
  return fmt::format("{}", fmt::join(files, "\n"));
}

// A short name of all that the site's bytes depend on. Costs a look at the sources, not at what they brought.
std::string state_of(const Context& context, const Wishes& wishes, const std::string& base_url) {
  std::string state = fmt::format("{}\n{}{}\n{}\n{}\n{}\n{}\n", program_print(), metrics_print(), context.project,
                                  context.config.print, context.as_of, wishes.weeks, base_url);
  state += why_no_pictures() + "\n" + context.url + "\n";
  const Parameters project{{"project", context.project_id}};
  const auto add_rows = [&](std::string_view sql) {
    for (const auto rows = context.database.query(sql, project); rows->next();)
      for (std::size_t i = 0; i < rows->column_count(); ++i) state += rows->string(i) + "\n";
  };
  add_rows(
      "SELECT kind, location, cursor, state, message, CAST(synced_at AS TEXT), CAST(data_until AS TEXT) FROM source "
      "WHERE project_id = :project ORDER BY source_id");
  // What is added without a source.
  add_rows("SELECT CAST(count(*) AS TEXT), CAST(max(run_number) AS TEXT) FROM test_run WHERE project_id = :project");
  add_rows(
      "SELECT CAST(count(*) AS TEXT), CAST(max(measured_at) AS TEXT) FROM benchmark_run WHERE project_id = :project");
  state += std::to_string(people_revision(context.database, context.project_id));
  return fingerprint(state);
}

// --- The pages ---

std::vector<SitePage> make_all(const Context& context, const std::vector<Maker>& list,
                               std::vector<std::string>& notes) {
  std::vector<std::vector<SitePage>> made(list.size());
  std::vector<std::string> troubles(list.size());
  // Each thread reads by a connection of its own; a store in memory has but one.
  std::vector<std::unique_ptr<Database>> readers;
  for (unsigned i = 0; i < processor_count(); ++i)
    if (auto reader = context.database.open_reader()) readers.push_back(std::move(reader));
  const auto workers = static_cast<unsigned>(std::max<std::size_t>(readers.size(), 1));
  parallel_for(list.size(), workers, [&](unsigned worker, std::size_t piece) {
    const Context own = readers.empty() ? context : context.through(*readers[worker]);
    try {
      made[piece] = list[piece].make(own);
    } catch (const Error& error) {
      if (!list[piece].may_fail) throw;
      troubles[piece] = error.what();
    }
  });
  std::vector<SitePage> pages;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!troubles[i].empty()) notes.push_back(fmt::format("{}: left out: {}", list[i].name, troubles[i]));
    for (SitePage& page : made[i]) pages.push_back(std::move(page));
  }
  return pages;
}

// Nothing of people that is not to be shown, no e-mail address, and nothing that only who keeps the store can do, in
// what is shown and in what stands beside it.
void make_public(const Context& context, std::vector<SitePage>& pages) {
  const KnownNames known = load_known_names(context);
  for (SitePage& each : pages) {
    for (auto* results : {&each.page.results, &each.page.data})
      for (Result& result : *results) leave_out_hints(result);
    if (context.people_shown != PeopleShown::by_name)
      for (auto* results : {&each.page.results, &each.page.data})
        for (Result& result : *results) veil_people(result, known);
    hide_emails(each.page);
  }
}

Result result_of(const Context& context, const std::vector<SiteEvent>& events) {
  Result result = context.result("events", "What happened", "What happened in the last year that changes the picture?");
  result.columns = {{"at", "When", ColumnType::time}, {"what", "What"}, {"page", "Page"}, {"key", "Key"}};
  for (const SiteEvent& event : events) result.rows.push_back({event.at, event.text, event.path, event.key});
  result.claim = fmt::format("{} in the last year.", plural(static_cast<long long>(events.size()), "event"));
  result.definition =
      "Lasting steps of benchmarks to the worse; tests of the main branch that fail for good; most open items ever at "
      "a "
      "month's end, where the record before is older than 90 days; modules with work that lost their last active "
      "expert, by how it stood when each month began; releases.";
  return result;
}

SitePage first_page(const Context& context, const std::vector<SitePage>& pages, const std::vector<SiteEvent>& events) {
  SitePage first;
  first.path = "index.html";
  first.as_of = context.as_of;
  first.page = {"index", context.project, ""};
  std::string& text = first.page.markdown;
  for (const SitePage& page : pages) {
    if (!page.is_in_navigation) continue;
    const std::string claim = first_claim(page.page);
    if (first.summary.empty()) first.summary = claim;
    text += fmt::format("- [{}]({}): {}\n", escape_markdown(page.page.title), page.path,
                        escape_markdown(claim.empty() ? page.page.intro : claim));
  }
  if (!events.empty()) text += "\n# What happened\n\n";
  for (std::size_t i = 0; i < std::min(events.size(), kEventsShown); ++i)
    text += fmt::format("- {}: [{}]({})\n", format_date(events[i].at), escape_markdown(events[i].text), events[i].path);
  first.page.data = {result_of(context, events)};
  first.page.data.front().simulated = context.simulated;
  if (context.simulated) first.page.intro = "Simulated data: these figures come from a simulation, not from a project.";
  return first;
}

// --- The files ---

class SiteWriter {
 public:
  SiteWriter(const Context& context, const Wishes& wishes, std::string base_url, SiteFolder& folder,
             std::vector<std::string>& notes)
      : context_(context), base_url_(std::move(base_url)), weeks_(wishes.weeks), folder_(folder), notes_(notes) {
    has_pictures_ = !base_url_.empty() && why_no_pictures().empty();
  }

  void add(const std::vector<SitePage>& pages, const std::vector<SiteEvent>& events) {
    for (const SitePage& page : pages) {
      if (page.is_in_navigation) navigation_.emplace_back(page.path, page.page.title);
      if (!first_drawn_) first_drawn_ = page.drawn();
    }
    for (const ServedFile& file : served_files()) folder_.add(site_file(file.address), *file.content);
    for (const SitePage& page : pages) {
      add_results(page);
      if (has_own_picture(page)) add_picture(page);
    }
    for (const SitePage& page : pages) folder_.add(page.path, fitting(page));
    folder_.add("404.html", not_found());
    folder_.add(".nojekyll", "");
    folder_.add("robots.txt", "User-agent: *\nAllow: /\n" +
                                  (base_url_.empty() ? std::string() : "Sitemap: " + base_url_ + "sitemap.xml\n"));
    if (base_url_.empty()) {
      notes_.push_back("no feed, no map for search engines, no pictures for links: they need --base-url");
      return;
    }
    folder_.add("feed.xml", atom_feed(context_.project, base_url_, pages, events));
    folder_.add("sitemap.xml", site_map(base_url_, pages));
    if (!has_pictures_) notes_.push_back("no pictures for links: " + why_no_pictures());
  }

 private:
  static std::string beside(const SitePage& page, const char* ending) { return page.page.slug + ending; }
  static std::string root_of(const std::string& path) {
    return path.find('/') == std::string::npos ? std::string() : "../";
  }
  static std::vector<Result> results_of(const SitePage& page) {
    std::vector<Result> all = page.page.results;
    all.insert(all.end(), page.page.data.begin(), page.page.data.end());
    return all;
  }
  // One of many (a week's report, a module) shares the picture of their list: to draw one takes longer than all else.
  static bool has_own_picture(const SitePage& page) { return page.path.find('/') == std::string::npos; }
  static std::string description_of(const SitePage& page) {
    const std::string text = page.summary.empty() ? first_claim(page.page) : page.summary;
    return fit_width(one_line(text.empty() ? page.page.intro : text), kLongestDescription);
  }

  void add_results(const SitePage& page) {
    if (const auto results = results_of(page); !results.empty())
      folder_.add(beside(page, ".json"), render_json(results, {}));
  }

  void add_picture(const SitePage& page) {
    if (!has_pictures_) return;
    Card card{context_.project, page.page.title, description_of(page), moment_words(page.as_of), page.drawn()};
    if (page.path == "index.html") {
      card.title = "How the project does";
      card.drawn = first_drawn_;
    }
    if (card.drawn && !card.drawn->claim.empty()) card.sentence = card.drawn->claim;
    const std::string svg = card_svg(card), path = beside(page, ".png"), hash = fingerprint(svg);
    if (folder_.has_made_of(path, hash))
      folder_.keep(path, hash);
    else
      folder_.add(path, png_of_svg(svg, kCardWidth, kCardHeight), hash);
  }

  std::string moment_words(Timestamp moment) const {
    return fmt::format("as of {} UTC{}", format_cell(moment, ColumnType::time),
                       context_.simulated ? ", simulated data" : "");
  }

  std::string head_of(const SitePage& page) const {
    const std::string title = html_text(page.page.title), description = html_text(description_of(page));
    std::string head = fmt::format(
        "<meta name=\"description\" content=\"{0}\">\n<meta property=\"og:type\" content=\"website\">\n<meta "
        "property=\"og:site_name\" content=\"{1}\">\n<meta property=\"og:title\" content=\"{2}\">\n<meta "
        "property=\"og:description\" content=\"{0}\">",
        description, html_text(context_.project), title);
    if (base_url_.empty()) return head;
    const std::string address = html_text(base_url_ + (page.path == "index.html" ? "" : page.path));
    head += fmt::format(
        "\n<link rel=\"canonical\" href=\"{0}\">\n<meta property=\"og:url\" content=\"{0}\">\n<link rel=\"alternate\" "
        "type=\"application/atom+xml\" title=\"{1}\" href=\"{2}feed.xml\">",
        address, html_text(context_.project), root_of(page.path));
    if (!has_pictures_) return head;
    const std::string picture = base_url_ + page.page.slug.substr(0, page.page.slug.find('/')) + ".png";
    head += fmt::format(
        "\n<meta property=\"og:image\" content=\"{}\">\n<meta property=\"og:image:type\" content=\"image/png\">\n<meta "
        "property=\"og:image:width\" content=\"{}\">\n<meta property=\"og:image:height\" content=\"{}\">\n<meta "
        "property=\"og:image:alt\" content=\"{}\">\n<meta name=\"twitter:card\" content=\"summary_large_image\">",
        html_text(picture), kCardWidth, kCardHeight, description);
    return head;
  }

  // That writes the page again: a report of a past week by the moment at which the week had ended, whenever it is made.
  std::string command_of(const SitePage& page) const {
    std::string command =
        fmt::format("resident site DIR --project {} --as-of {}", shell_word(context_.project), format_time(page.as_of));
    if (weeks_ != Wishes().weeks && page.page.slug == "reports") command += fmt::format(" --weeks {}", weeks_);
    if (!base_url_.empty()) command += " --base-url " + shell_word(base_url_);
    return command;
  }

  std::string footer_of(const SitePage& page, const std::string& root, const std::string& json) const {
    std::string links;
    const auto add_link = [&](const std::string& address, const char* name) {
      links += fmt::format("{}<a href=\"{}\">{}</a>", links.empty() ? "" : " · ", html_text(address), name);
    };
    if (!json.empty()) add_link(json, "This page as JSON");
    if (!base_url_.empty()) add_link(root + "feed.xml", "Feed");
    return fmt::format("<p>All of it is {}. Made by <code>{}</code> (Resident {}).</p>\n{}", moment_words(page.as_of),
                       html_text(command_of(page)), RESIDENT_VERSION, links.empty() ? links : "<p>" + links + "</p>\n");
  }

  std::string document_of(const SitePage& page, std::size_t most_rows, std::size_t most_points) const {
    DocumentOptions options;
    options.title = context_.project;
    options.project = context_.project;
    options.as_of = format_cell(page.as_of, ColumnType::time) + " UTC";
    options.most_rows = most_rows;
    options.navigation = navigation_;
    SiteFrame frame{root_of(page.path), head_of(page), {}, {}, most_points};
    if (!results_of(page).empty()) frame.json = std::filesystem::path(beside(page, ".json")).filename().string();
    frame.footer = footer_of(page, frame.root, frame.json);
    options.site = std::move(frame);
    Page shown = page.page;
    const auto link = [&](const std::string& path, const char* what) {
      if (!path.empty()) shown.links.emplace_back(std::filesystem::path(path).filename().string(), what);
    };
    link(page.before, "The one before");
    link(page.after, "The next one");
    return render_document({std::move(shown)}, options);
  }

  // With so many rows and points that it can be read on a slow line.
  std::string fitting(const SitePage& page) {
    std::string document;
    for (const auto& [most_rows, most_points] : kRowsAndPoints) {
      document = document_of(page, most_rows, most_points);
      if (document.size() <= kLargestPage) return document;
    }
    notes_.push_back(fmt::format("{} has {} kB, for all that was left out of its tables and pictures", page.path,
                                 with_thousands(static_cast<long long>(document.size() / 1000))));
    return document;
  }

  // Where a server shows it for any address, relative links lead nowhere: those of the site's own host are used.
  std::string not_found() const {
    DocumentOptions options;
    options.title = context_.project;
    options.navigation = navigation_;
    SiteFrame frame;
    if (!base_url_.empty()) frame.root = base_url_.substr(base_url_.find('/', base_url_.find("://") + 3));
    frame.head = "<meta name=\"robots\" content=\"noindex\">";
    options.site = std::move(frame);
    Page page{"404", "There is no such page", "It may have had another name; the pages are listed above."};
    return render_document({page}, options);
  }

  const Context& context_;
  const std::string base_url_;
  const int weeks_;
  SiteFolder& folder_;
  std::vector<std::string>& notes_;
  bool has_pictures_ = false;
  const Result* first_drawn_ = nullptr;  // stands for the project
  std::vector<std::pair<std::string, std::string>> navigation_;
};

}  // namespace

Outcome write_site(const Invocation& invocation, Database& database, const Wishes& wishes) {
  const Context context = context_of(invocation, database);
  const std::string base_url = base_url_of(context, wishes);
  const std::string state = state_of(context, wishes, base_url);
  SiteFolder folder(wishes.folder);
  Outcome outcome;
  if (folder.fingerprint() == state && folder.is_whole()) {
    outcome.kept = folder.paths().size();
    outcome.is_as_before = true;
    return outcome;
  }
  std::vector<SitePage> pages = make_all(context, makers(wishes.weeks, folder.paths()), outcome.notes);
  link_modules(pages);
  make_public(context, pages);
  std::vector<SiteEvent> events = events_of(context, pages);
  for (SiteEvent& event : events) event.text = hide_emails(event.text);
  pages.insert(pages.begin(), first_page(context, pages, events));
  SiteWriter(context, wishes, base_url, folder, outcome.notes).add(pages, events);
  const SiteFolder::Written done = folder.write(state);
  outcome.written = done.written;
  outcome.kept = done.kept;
  outcome.removed = done.removed;
  if (!done.left.empty())
    outcome.notes.push_back(fmt::format("left, since somebody changed it: {}", fmt::join(done.left, ", ")));
  return outcome;
}

}  // namespace resident::site

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/pages.hpp>
#include <base/text.hpp>
#include <server/page_request.hpp>

namespace resident::server {

namespace {

constexpr std::int64_t kLastCard = 1'000'000, kLargestNumber = 4'000'000'000;
constexpr std::size_t kLongestArgument = 500, kLongestAddress = 2000;
constexpr std::string_view kItems = "/item/", kThread = "/thread", kTable = "/table", kPairs = "/people/pairs",
                           kSearch = "/search", kFleet = "/fleet";
constexpr const char* kArguments[] = {"minutes", "mine",  "me",   "module", "q",   "turn",   "state",   "label",
                                      "author",  "older", "sort", "start",  "end", "person", "outcome", "week"};

// A whole number from 0 on; nothing for any other text.
std::optional<std::int64_t> whole(const std::string& text) {
  if (text.empty() || text.size() > 10 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoll(text);
}

std::int64_t item_number(const std::string& text) {
  const auto number = whole(text);
  if (!number || *number < 1 || *number > kLargestNumber)
    throw Refusal{kNotFound, "No such item", fmt::format("{} is no number of an item.", fit_width(one_line(text), 60)),
                  "an item's page is /item/ and its number"};
  return *number;
}

}  // namespace

// Today, those that one works on, and the others that show.
const std::vector<std::pair<std::string, std::string>>& navigation() {
  static const auto entries = [] {
    std::vector<std::pair<std::string, std::string>> all{
        {"/review", "Review"}, {"/triage", "Triage"}, {"/inbox", "Inbox"}, {"/plan", "Plan"}};
    for (const auto& page : shown_pages())
      if (page.slug == "today")
        all.insert(all.begin(), {"/", std::string(page.title)});
      else if (page.reach == PageReach::everywhere)
        all.emplace_back("/" + std::string(page.slug), page.title);
    all.emplace_back(std::string(kFleet), "Fleet");
    return all;
  }();
  return entries;
}

std::string slug_of(const std::string& path) {
  if (path == "/") return "today";
  if (path == kThread) return "thread";
  if (path == kTable) return "table";
  if (path == kPairs) return "pairs";
  if (path == kSearch) return "search";
  if (const ShownPage* page = path.empty() ? nullptr : find_shown_page(path.substr(1));
      page && page->reach == PageReach::of_subject)
    return path.substr(1);
  if (path.starts_with(kItems)) return "item";
  const auto& entries = navigation();
  const bool known =
      std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == path; });
  return known ? path.substr(1) : std::string();
}

PageRequest read_request(const Request& request, const std::vector<std::string>& projects) {
  PageRequest page;
  page.project = request.parameter("project");
  if (page.project.empty() && !projects.empty()) page.project = projects.front();
  if (std::find(projects.begin(), projects.end(), page.project) == projects.end())
    throw Refusal{kNotFound, "No such project",
                  fmt::format("There is no project {}.", fit_width(one_line(page.project), 60)),
                  projects.empty() ? "add one: resident add git CLONE --project NAME, then resident sync"
                                   : fmt::format("the projects are: {}", fmt::join(projects, ", "))};
  if (const std::string as_of = request.parameter("as_of"); !as_of.empty()) {
    page.as_of = parse_time(as_of);
    page.as_of_text = as_of;
    if (!page.as_of)
      throw Refusal{kBadRequest, "Not a date", fmt::format("{} is not a date.", fit_width(one_line(as_of), 60)),
                    "write it as year, month and day: 2024-01-31"};
  }
  if (const std::string from = request.parameter("from"); !from.empty()) {
    page.from = whole(from).value_or(-1);
    if (page.from < 0 || page.from > kLastCard)
      throw Refusal{kBadRequest, "Not a place", "from is the place in the queue to begin at, from 0.", ""};
  }
  if (request.path.starts_with(kItems))
    page.number = item_number(request.path.substr(kItems.size()));
  else if (const std::string number = request.parameter("number"); !number.empty())
    page.number = item_number(number);
  page.kind = request.parameter("kind");
  if (!page.kind.empty() && page.kind != "issue" && page.kind != "pull")
    throw Refusal{kBadRequest, "Not a kind", "kind is issue or pull.", ""};
  page.key = request.parameter("key");
  if (request.path == kTable) page.table = request.parameter("name");
  page.of = clean_text(trim(request.parameter("of")), kLongestArgument);
  page.done = request.parameter("done");
  page.done_item = whole(request.parameter("on")).value_or(0);
  for (const char* name : kArguments)
    if (std::string value = request.parameter(name); !trim(value).empty())
      page.arguments[name] = clean_text(trim(value), kLongestArgument);
  return page;
}

std::vector<std::string> slugs_for(const std::string& name, const PageRequest& request) {
  if (request.number > 0) return {"item"};
  if (!request.key.empty()) return {"thread"};
  std::vector<std::string> slugs;
  if (!request.of.empty()) {
    for (const ShownPage& page : shown_pages())
      if (page.reach == PageReach::of_subject) slugs.emplace_back(page.slug);
    std::stable_partition(slugs.begin(), slugs.end(), [&](const std::string& slug) { return name.starts_with(slug); });
    return slugs;
  }
  if (request.arguments.contains("q")) return {"search"};
  for (const auto& [path, title] : navigation()) slugs.push_back(slug_of(path));
  slugs.emplace_back("pairs");
  std::stable_partition(slugs.begin(), slugs.end(), [&](const std::string& slug) { return name.starts_with(slug); });
  return slugs;
}

bool is_worked_on(const std::string& slug) {
  return slug == "triage" || slug == "review" || slug == "inbox" || slug == "plan" || slug == "item" ||
         slug == "thread" || slug == "pairs" || slug == "table" || slug == "search";
}

std::string done_sentence(const std::string& done) {
  const std::string word = done.substr(0, done.find('.'));
  if (word == "planned") return "It is in the plan now.";
  if (word == "dropped") return "It is taken out of the plan.";
  if (word == "snoozed") return "It is put off, for you alone.";
  if (word == "unsnoozed") return "It is back in the queue.";
  if (word == "note-kept") return "The note is kept, for you alone.";
  if (word == "note-removed") return "The note was removed.";
  if (word == "pair-joined") return "They are one person now; `resident people undo` takes it back.";
  if (word == "pair-refused") return "Kept: they are two people, and are not proposed again.";
  if (word == "pair-later") return "Kept: they are proposed again in 90 days.";
  if (word == "no-note") return "There was no note, and an empty one is not kept.";
  return {};
}

std::pair<std::string, std::string> undo_of(const std::string& done) {
  const std::size_t point = done.find('.');
  const std::string word = done.substr(0, point), key = point == std::string::npos ? "" : done.substr(point + 1);
  if (word == "snoozed") return {"unsnooze", "0"};
  if (word == "planned" && !key.empty() && key.size() <= kLongestArgument) return {"drop", key};
  return {};
}

bool has_forms(const std::string& address) {
  if (address.size() > kLongestAddress || address.find_first_of("\r\n\\ #") != std::string::npos) return false;
  const std::string path = address.substr(0, address.find('?'));
  if (path.starts_with(kItems)) return whole(path.substr(kItems.size())).has_value();
  return path == kPairs || path == "/" || path == "/triage" || path == "/review" || path == "/inbox" || path == "/plan";
}

bool is_from_here(const Request& request) {
  const std::string origin(request.header("Origin")), site(request.header("Sec-Fetch-Site"));
  // Since our pages send no referrer, browsers call their origin "null".
  return (origin.empty() || origin == "http://" + std::string(request.header("Host")) ||
          (origin == "null" && site == "same-origin")) &&
         (site.empty() || site == "same-origin");
}

std::string host_name(const std::string& header) {
  const std::size_t colon = header.find_last_not_of("0123456789");
  const bool has_port = colon != std::string::npos && header[colon] == ':' && colon + 1 < header.size();
  return to_lower(has_port ? header.substr(0, colon) : header);
}

}  // namespace resident::server

namespace resident {

std::string address_of(const PageRequest& request) {
  std::string address = request.slug == "today"   ? std::string("/")
                        : request.slug == "pairs" ? std::string(server::kPairs)
                        : request.slug == "item"  ? fmt::format("{}{}", "/item/", request.number)
                                                  : "/" + request.slug;
  address += "?project=" + escape_url(request.project);
  if (request.from > 0) address += fmt::format("&from={}", request.from);
  if (!request.kind.empty()) address += "&kind=" + request.kind;
  if (!request.key.empty()) address += "&key=" + escape_url(request.key);
  if (!request.table.empty()) {
    address += "&name=" + escape_url(request.table);
    if (request.number > 0) address += fmt::format("&number={}", request.number);
  }
  if (!request.of.empty()) address += "&of=" + escape_url(request.of);
  for (const auto& [name, value] : request.arguments) address += fmt::format("&{}={}", name, escape_url(value));
  return address;
}

}  // namespace resident

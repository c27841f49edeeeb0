#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/pages.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/pages.hpp>
#include <cli/proposals/answers.hpp>
#include <cli/site/pages.hpp>
#include <git/repository.hpp>

namespace resident::site {

namespace {

bool has_rows(const Page& page) {
  return std::any_of(page.results.begin(), page.results.end(),
                     [](const Result& result) { return !result.rows.empty(); });
}

SitePage main_page(const Context& context, Page page) {
  SitePage made;
  made.path = page.slug + ".html";
  made.page = std::move(page);
  made.is_in_navigation = true;
  made.as_of = context.as_of;
  return made;
}

// A page of the dashboard that is about the project; none where it has nothing to show.
std::vector<SitePage> shown_page(const Context& context, std::string_view slug) {
  Context own = context;
  std::vector<Page> pages = make_pages(own, std::string(slug));
  if (!has_rows(pages.front())) return {};
  return {main_page(context, std::move(pages.front()))};
}

// Where the project's own repository keeps proposals.
std::vector<SitePage> proposals_page(const Context& context) {
  const auto clone =
      context.database.text("SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git'",
                            {{"project", context.project_id}});
  if (!clone) return {};
  git::Repository repository(*clone);
  std::vector<std::string> paths;
  for (const auto& file : repository.head_files()) paths.push_back(file.path);
  const std::string name = guess_proposal_format(paths);
  if (name.empty()) return {};
  const ProposalFormat format = proposal_format(name);
  const ProposalHistory history = read_proposal_history(repository, format, context.as_of);
  ProposalQuestion question;
  question.project = context.project;
  question.place = "CLONE";  // where it stands on this machine is nobody's business
  question.as_of = context.as_of;
  Page page{"proposals", "Proposals", "How every enhancement proposal stands, and what was decided when."};
  page.results = {proposal_list(history, format, question, ""), proposals_by_period(history, format, question, "year")};
  for (Result& result : page.results) result.simulated = context.simulated;
  if (!has_rows(page)) return {};
  return {main_page(context, std::move(page))};
}

// Where the settings name the day.
std::vector<SitePage> impact_page(const Context& context) {
  if (context.config.site.impact_start.empty()) return {};
  Context own = context;
  own.arguments = {{"start", context.config.site.impact_start}};
  Page page{"impact", "Impact",
            fmt::format("What changed with {}, held against moments at which nothing began.",
                        one_line(context.config.site.impact_start))};
  page.results = find_analysis("impact").run(own);
  return {main_page(context, std::move(page))};
}

}  // namespace

std::vector<Maker> makers(int weeks, const std::vector<std::string>& published) {
  std::vector<Maker> list;
  for (const ShownPage& shown : shown_pages())
    if (shown.is_public && shown.reach == PageReach::everywhere)
      list.push_back({std::string(shown.title),
                      [slug = shown.slug](const Context& context) { return shown_page(context, slug); }});
  list.push_back({"Modules, one by one", module_pages});
  list.push_back({"Proposals", proposals_page, true});
  list.push_back({"Impact", impact_page});
  list.push_back({"Releases", release_pages});
  list.push_back(
      {"Reports", [weeks, published](const Context& context) { return report_pages(context, weeks, published); }});
  return list;
}

std::string slug_of(const std::string& name, std::map<std::string, int>& used) {
  std::string slug;
  for (const char c : to_lower(name)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    slug += is_plain ? c : '-';
  }
  while (slug.starts_with('.')) slug.erase(0, 1);
  if (slug.empty()) slug = "unnamed";
  slug.resize(std::min<std::size_t>(slug.size(), 60));
  const int number = ++used[slug];
  return number == 1 ? slug : fmt::format("{}--{}", slug, number);
}

const Result* SitePage::drawn() const {
  for (const Result& result : page.results)
    if (result.chart.kind != Chart::Kind::none && !result.rows.empty()) return &result;
  return nullptr;
}

std::string first_claim(const Page& page) {
  for (const bool needs_data : {true, false})
    for (const auto* results : {&page.results, &page.data})
      for (const Result& result : *results)
        if (!result.claim.empty() && (!needs_data || !result.rows.empty() || result.sample_size.value_or(0) > 0))
          return result.claim;
  return {};
}

}  // namespace resident::site

#include <algorithm>
#include <base/text.hpp>
#include <set>
#include <sources/proposals/dossiers.hpp>
#include <tuple>

namespace resident {

namespace {

constexpr std::size_t kMostBytes = 4'000'000;

bool tells_releases(const Proposal& proposal) {
  return contains_ignoring_case(proposal.name, "release schedule");
}

std::vector<int> parts_of(const std::string& series) {
  std::vector<int> parts;
  for (const auto part : split(series, '.')) {
    int number = 0;
    for (const char c : part.substr(0, 6))
      if (c >= '0' && c <= '9') number = 10 * number + (c - '0');
    parts.push_back(number);
  }
  return parts;
}

}  // namespace

Dossiers read_dossiers(git::Repository& repository, const ProposalHistory& history) {
  std::vector<git::FileVersion> wanted;
  std::vector<std::size_t> of;  // the proposal; past the last: a file beside them
  for (std::size_t i = 0; i < history.proposals.size(); ++i)
    for (const auto& file : history.proposals[i].files) {
      wanted.push_back(file);
      of.push_back(i);
    }
  for (const auto& file : history.beside) {
    wanted.push_back(file);
    of.push_back(history.proposals.size());
  }
  std::vector<std::string> texts(wanted.size());
  repository.read_versions(wanted, kMostBytes,
                           [&](std::size_t at, std::string_view bytes) { texts[at] = clean_text(bytes); });
  Dossiers dossiers;
  dossiers.details.resize(history.proposals.size());
  std::set<std::string> in_table;
  std::vector<ScheduledRelease> bullets;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (of[i] == history.proposals.size()) {
      std::string fault;
      const std::string path = git::path_text(wanted[i].path);
      for (ScheduledRelease& date : read_release_table(texts[i], path, fault)) {
        in_table.insert(date.series);
        dossiers.releases.push_back(std::move(date));
      }
      if (!fault.empty()) dossiers.faults.push_back(path + " could not be read: " + fault);
      continue;
    }
    read_proposal_details(dossiers.details[of[i]], wanted[i].path, texts[i]);
    if (tells_releases(history.proposals[of[i]]))
      for (ScheduledRelease& date : read_release_bullets(texts[i], git::path_text(wanted[i].path)))
        bullets.push_back(std::move(date));
  }
  // Where the table has a series, the bullets are made from it.
  for (ScheduledRelease& date : bullets)
    if (!in_table.contains(date.series)) dossiers.releases.push_back(std::move(date));
  std::stable_sort(dossiers.releases.begin(), dossiers.releases.end(),
                   [](const ScheduledRelease& a, const ScheduledRelease& b) {
                     return std::tuple(parts_of(a.series), a.at) < std::tuple(parts_of(b.series), b.at);
                   });
  return dossiers;
}

}  // namespace resident

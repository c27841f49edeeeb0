#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <git/asked_git.hpp>
#include <map>
#include <sources/mail/patches/commit_finder.hpp>
#include <sources/mail/patches/patch_text.hpp>
#include <store/read/stored_commits.hpp>
#include <store/read/stored_project.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::mail {

namespace {

constexpr Timestamp kSkew = 2 * kDay;              // clocks of who commits and who sends
constexpr Timestamp kForRecord = 60 * kDay;        // "[COMMITTED]": sent after it
constexpr std::size_t kMostDiffs = 50'000;         // of commits, that git is asked for though something tells already
constexpr std::size_t kMostOfRange = 3000;         // commits of a request to pull
constexpr Timestamp kLongestToApply = 800 * kDay;  // by title alone

using Commit = StoredCommit;

bool is_same_person(const PersonRecord& a, const PersonRecord& b) {
  if (!a.email.empty() && to_lower(a.email) == to_lower(b.email)) return true;
  const std::string name = title_key(a.name);
  return !name.empty() && name == title_key(b.name);
}

std::string set_key(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  std::string all;
  for (const auto& each : paths) all.append(each).append("\n");
  return fingerprint(all);
}

}  // namespace

struct CommitFinder::Parts {
  Writer& writer;
  std::vector<Commit> commits;
  std::unordered_map<std::string_view, std::size_t> by_sha;
  std::unordered_multimap<std::string, std::size_t> by_title, by_mail, by_discussion, by_patch_id;
  std::unordered_multimap<Timestamp, std::size_t> by_author_date;
  std::unordered_map<std::string, std::vector<std::size_t>> by_files;  // fingerprint of the set of paths
  std::vector<std::string> file_keys;                                  // of each commit
  std::unordered_set<std::string> committers;

  void load(Timestamp since) {
    commits = commits_since(writer, since);
    for (const Commit& commit : commits)
      if (!is_same_person(commit.author, commit.committer)) committers.insert(person_key(commit.committer));
    for (std::size_t i = 0; i < commits.size(); ++i) {
      by_sha.emplace(commits[i].sha, i);
      by_title.emplace(title_key(commits[i].subject), i);
      by_author_date.emplace(commits[i].authored_at, i);
    }
    each_mail_mark(writer, since, [&](std::string_view sha, std::string_view kind, const std::string& value) {
      if (const auto found = by_sha.find(sha); found != by_sha.end())
        (kind == "message-id" ? by_mail : by_discussion).emplace(value, found->second);
    });
  }

  void load_files(Timestamp since) {
    std::vector<std::vector<std::string>> paths(commits.size());
    each_changed_path(writer, since, [&](std::string_view sha, const std::string& path) {
      if (const auto found = by_sha.find(sha); found != by_sha.end()) paths[found->second].push_back(path);
    });
    file_keys.resize(commits.size());
    for (std::size_t i = 0; i < commits.size(); ++i) {
      if (paths[i].empty()) continue;
      file_keys[i] = set_key(std::move(paths[i]));
      by_files[file_keys[i]].push_back(i);
    }
  }

  template <class Map, class Key, class Fits>
  std::optional<std::size_t> oldest(const Map& map, const Key& key, const Fits& fits) const {
    std::optional<std::size_t> best;
    const auto [begin, end] = map.equal_range(key);
    for (auto each = begin; each != end; ++each)
      if (fits(commits[each->second]) && (!best || each->second < *best)) best = each->second;
    return best;
  }

  // Commits that can be the patch at all.
  static bool may_be(const Commit& commit, const MailFacts& mail) {
    if (!mail.upstream_commit.empty() && commit.sha.starts_with(mail.upstream_commit)) return false;
    return commit.committed_at >= mail.at - (mail.parsed.is_for_record ? kForRecord : kSkew);
  }

  // A date that a mail has in common with a commit by chance alone is no evidence: the author has to be the same.
  std::optional<std::size_t> by_date(const MailFacts& mail) const {
    std::optional<std::size_t> best;
    const auto [begin, end] = by_author_date.equal_range(mail.at);
    for (auto each = begin; each != end; ++each) {
      const Commit& commit = commits[each->second];
      if (!is_same_person(commit.author, mail.author) || !may_be(commit, mail)) continue;
      // Several of one second, as `git rebase` makes them: the one with the title.
      if (!best || title_key(commit.subject) == title_key(mail.title)) best = each->second;
    }
    return best;
  }

  std::optional<std::size_t> by_subject(const MailFacts& mail) const {
    const std::string key = title_key(mail.title);
    if (key.empty()) return std::nullopt;
    const std::string files = mail.paths.empty() ? std::string() : set_key(mail.paths);
    return oldest(by_title, key, [&](const Commit& commit) {
      if (!may_be(commit, mail) || commit.committed_at > mail.at + kLongestToApply) return false;
      const auto place = static_cast<std::size_t>(&commit - commits.data());
      return is_same_person(commit.author, mail.author) ||
             (!files.empty() && place < file_keys.size() && file_keys[place] == files);
    });
  }

  FoundCommit found(std::size_t place, const char* how) const {
    const Commit& commit = commits[place];
    return {commit.sha, how, commit.committed_at, commit.committer, commit.author};
  }

  std::optional<std::size_t> by_link(const Series& series, std::size_t version, const MailFacts& mail,
                                     const std::vector<MailFacts>& mails) const {
    const auto fits = [&](const Commit& commit) { return may_be(commit, mail); };
    if (const auto place = oldest(by_mail, mail.key, fits)) return place;
    // The cover letter's: of the part with the title.
    if (const auto& cover = series.versions[version].cover)
      return oldest(by_mail, mails[*cover].key, [&](const Commit& commit) {
        return fits(commit) && title_key(commit.subject) == title_key(mail.title);
      });
    return std::nullopt;
  }
};

CommitFinder::CommitFinder(Writer& writer, Timestamp since)
    : parts_(new Parts{writer, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}) {
  writer.flush();
  parts_->load(since - kForRecord);
  parts_->load_files(since - kForRecord);
}

CommitFinder::~CommitFinder() = default;

bool CommitFinder::is_committer(const std::string& person) const {
  return parts_->committers.contains(person);
}

void CommitFinder::prepare(const std::vector<MailFacts>& mails, const std::vector<Series>& series) {
  Parts& parts = *parts_;
  // Those first that nothing else tells; of the others, where they are not too many.
  std::unordered_set<std::size_t> wanted, besides;
  for (const Series& each : series)
    for (std::size_t version = 0; version < each.versions.size(); ++version)
      for (const auto& [number, place] : each.versions[version].own) {
        const MailFacts& mail = mails[place];
        if (mail.patch_id.empty() || mail.paths.empty()) continue;
        const auto found = parts.by_files.find(set_key(mail.paths));
        if (found == parts.by_files.end() || parts.by_link(each, version, mail, mails)) continue;
        auto& asked = parts.by_date(mail) ? besides : wanted;
        for (const std::size_t commit : found->second)
          if (Parts::may_be(parts.commits[commit], mail)) asked.insert(commit);
      }
  if (wanted.size() + besides.size() <= kMostDiffs) wanted.insert(besides.begin(), besides.end());
  std::vector<std::string> missing;
  for (const std::size_t commit : wanted) {
    const std::string& sha = parts.commits[commit].sha;
    if (const auto known = parts.writer.remembered("patch-id/" + sha))
      parts.by_patch_id.emplace(*known, commit);
    else
      missing.push_back(sha);
  }
  if (missing.empty()) return;
  std::sort(missing.begin(), missing.end());
  const std::string clone = place_of_clone(parts.writer);
  if (clone.empty()) return;
  try {
    const git::AskedGit git(clone);
    git.diffs(missing, [&](std::string_view sha, std::string_view diff) {
      const auto found = parts.by_sha.find(sha);
      if (found == parts.by_sha.end()) return;
      const std::string id = stable_patch_id(diff);
      parts.writer.remember("patch-id/" + std::string(sha), id);
      if (!id.empty()) parts.by_patch_id.emplace(id, found->second);
    });
  } catch (const Error&) {
    // The clone is gone: the other evidence stands.
  }
}

std::optional<FoundCommit> CommitFinder::find(const Series& series, std::size_t version, std::size_t place,
                                              const std::vector<MailFacts>& mails) const {
  const Parts& parts = *parts_;
  const MailFacts& mail = mails[place];
  if (const auto commit = parts.by_link(series, version, mail, mails)) return parts.found(*commit, "link");
  const auto fits = [&](const Commit& commit) { return Parts::may_be(commit, mail); };
  if (!mail.patch_id.empty())
    if (const auto commit = parts.oldest(parts.by_patch_id, mail.patch_id, fits))
      return parts.found(*commit, "patch-id");
  if (const auto commit = parts.by_date(mail)) return parts.found(*commit, "author and date");
  if (const auto commit = parts.by_subject(mail)) return parts.found(*commit, "title");
  // A thread's link alone says which discussion, not which patch: the files have to be the same.
  const std::string files = mail.paths.empty() ? std::string() : set_key(mail.paths);
  std::vector<const std::string*> keys{&mail.key};
  for (const std::string& key : mail.references) keys.push_back(&key);
  for (const std::string* key : keys)
    if (const auto commit = parts.oldest(parts.by_discussion, *key, [&](const Commit& each) {
          const auto at = static_cast<std::size_t>(&each - parts.commits.data());
          return fits(each) && !files.empty() && parts.file_keys[at] == files;
        }))
      return parts.found(*commit, "discussion");
  return std::nullopt;
}

std::optional<FoundCommit> CommitFinder::commit(const std::string& sha) const {
  if (const auto found = parts_->by_sha.find(sha); found != parts_->by_sha.end())
    return parts_->found(found->second, "sha");
  if (sha.size() < 7) return std::nullopt;
  std::optional<std::size_t> only;
  for (std::size_t i = 0; i < parts_->commits.size(); ++i) {
    if (!parts_->commits[i].sha.starts_with(sha)) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return only ? std::optional(parts_->found(*only, "sha")) : std::nullopt;
}

std::vector<std::string> CommitFinder::range(const std::string& base, const std::string& head) const {
  const auto parents_of = [&](const std::string& sha) { return resident::parents_of(parts_->writer, sha); };
  if (base.empty() || head.empty()) return {};
  std::vector<std::string> todo{head}, found;
  std::unordered_set<std::string> seen{head};
  while (!todo.empty()) {
    const std::string sha = todo.back();
    todo.pop_back();
    if (sha.starts_with(base)) continue;
    if (seen.size() > kMostOfRange) return {};
    if (parts_->by_sha.contains(sha)) found.push_back(sha);
    for (std::string& parent : parents_of(sha))
      if (seen.insert(parent).second) todo.push_back(std::move(parent));
  }
  std::sort(found.begin(), found.end(),
            [&](const std::string& a, const std::string& b) { return parts_->by_sha.at(a) < parts_->by_sha.at(b); });
  return found;
}

}  // namespace resident::mail

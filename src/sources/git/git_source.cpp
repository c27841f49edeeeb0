// `resident add git CLONE`: any local clone, bare or not. Commits go in oldest
// first, in batches with a checkpoint each, so that an interrupted run goes on
// where it stopped; a second run reads only what is new and moves the marks of
// what the branches reach.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <chrono>
#include <future>
#include <map>
#include <sources/git/documents.hpp>
#include <sources/git/line_history.hpp>
#include <sources/git/repository.hpp>
#include <sources/source.hpp>
#include <store/line_book.hpp>

namespace resident {

namespace {

PersonRecord person_of(const std::string& name, const std::string& email) {
  PersonRecord record;
  record.provider = "git";
  record.name = clean_text(name, 300);
  record.email = clean_text(email, 300);
  return record;
}

// .mailmap: for what was committed, what it stands for.
class MailmapResolver {
 public:
  explicit MailmapResolver(std::vector<git::MailmapEntry> entries) : entries_(std::move(entries)) {
    for (const auto& entry : entries_) by_email_[to_lower(entry.email)].push_back(&entry);
  }

  // Nothing where the mailmap does not speak of it.
  std::optional<PersonRecord> resolve(const PersonRecord& person) const {
    const auto found = by_email_.find(to_lower(person.email));
    if (found == by_email_.end()) return std::nullopt;
    const git::MailmapEntry* best = nullptr;
    for (const auto* entry : found->second) {
      // An entry with the name as committed goes before one for the e-mail alone; later lines win.
      if (entry->name.empty() ? (!best || best->name.empty()) : to_lower(entry->name) == to_lower(person.name))
        best = entry;
    }
    if (!best) return std::nullopt;
    PersonRecord real = person;
    if (!best->real_name.empty()) real.name = clean_text(best->real_name, 300);
    if (!best->real_email.empty()) real.email = clean_text(best->real_email, 300);
    if (real.name == person.name && real.email == person.email) return std::nullopt;
    return real;
  }

 private:
  std::vector<git::MailmapEntry> entries_;
  std::map<std::string, std::vector<const git::MailmapEntry*>> by_email_;
};

CommitRecord record_of(git::Commit&& commit) {
  CommitRecord record;
  record.sha = std::move(commit.sha);
  record.parents = std::move(commit.parents);
  record.author = person_of(commit.author.name, commit.author.email);
  record.committer = person_of(commit.committer.name, commit.committer.email);
  record.authored_at = commit.author.time;
  record.authored_zone = commit.author.zone_minutes;
  record.committed_at = commit.committer.time;
  record.committed_zone = commit.committer.zone_minutes;
  record.on_default = commit.on_default;
  record.in_history = commit.in_history;
  record.subject = std::move(commit.subject);
  record.body = std::move(commit.body);
  for (auto& trailer : commit.trailers) {
    TrailerRecord each{trailer.token, trailer.value, {}};
    if (!trailer.email.empty()) each.person = person_of(trailer.name, trailer.email);
    record.trailers.push_back(std::move(each));
  }
  for (auto& change : commit.changes)
    record.changes.push_back({std::move(change.path), change.status, std::move(change.old_path), change.additions,
                              change.deletions, change.old_mode, change.mode, change.similarity, change.is_binary});
  return record;
}

// Replays who wrote which line, beside the commits, and puts it into the store.
class Lines {
 public:
  Lines(git::Repository& repository, Writer& writer)
      : book_(writer),
        history_(
            [this](const std::string& path) -> std::optional<git::LineRuns> {
              const auto stored = book_.load(path);
              if (!stored) return std::nullopt;
              git::LineRuns runs;
              for (const auto& [origin, lines] : *stored) runs.push_back({origin, lines});
              return runs;
            },
            [this](const std::string& path, const git::LineRun& run) { book_.death(path, run.origin, run.lines); }) {
    // Where the branch was rewritten, all is replayed.
    if (!book_.tip().empty() && !repository.is_on_first_parent_line(book_.tip())) book_.reset();
  }

  const std::string& from() const { return book_.tip(); }

  void step(const git::LineStep& step) {
    const auto own = book_.origin(step.sha, person_of(step.author.name, step.author.email), step.at);
    history_.apply(step, [&](const std::string& path) {
      const auto credit = step.credits.find(path);
      if (credit == step.credits.end()) return own;
      return book_.origin(step.sha, person_of(credit->second.name, credit->second.email), step.at);
    });
    tip_ = step.sha;
  }

  // Now and then, since it writes every file that changed.
  bool is_due() const { return !tip_.empty() && std::chrono::steady_clock::now() - last_ > std::chrono::seconds(60); }

  void flush() {
    if (tip_.empty()) return;
    history_.take_changed([this](const std::string& path, const git::LineRuns& runs) {
      LineBook::Runs stored;
      stored.reserve(runs.size());
      for (const auto& run : runs) stored.emplace_back(run.origin, run.lines);
      book_.file(path, stored);
    });
    book_.flush(tip_);
    tip_.clear();
    last_ = std::chrono::steady_clock::now();
  }

  std::int64_t lost() const { return history_.lost(); }

 private:
  LineBook book_;
  git::LineHistory history_;
  std::string tip_;  // replayed and not flushed
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

class GitSource : public Source {
 public:
  explicit GitSource(std::string location) : location_(std::move(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor& cursor, Writer& writer) override {
    git::RepositoryOptions repository_options;
    repository_options.threads = options_.threads;
    repository_options.memory = options_.memory;
    git::Repository repository(location_, repository_options);
    std::string state;
    const auto references = repository.references();
    for (const auto& reference : references) state += reference.name + " " + reference.sha + "\n";
    const auto pulls = options_.pulls ? repository.pull_heads() : std::vector<git::PullHead>{};
    for (const auto& pull : pulls) state += fmt::format("{} {}\n", pull.number, pull.sha);
    const std::string doc_paths = doc_paths_of(writer);
    // The number: of what is drawn from a clone; another one has it read again.
    const std::string print =
        fingerprint(fmt::format("{}\n{}\n{}", options_.lines ? "3" : "3 without lines", doc_paths, state));
    if (cursor == print) return print;  // no reference has moved

    const MailmapResolver mailmap(repository.mailmap());
    read_commits(repository, mailmap, writer);
    coverage_ = keep_documents(repository, writer, doc_paths).sentence();
    read_pulls(repository, pulls, writer);
    std::vector<ReferenceRecord> records;
    for (const auto& reference : references) records.push_back({reference.name, reference.sha, reference.at});
    writer.references(records);
    const auto problems = repository.problems();
    for (const auto& problem : problems) writer.quarantine(problem.record, problem.reason);
    if (!problems.empty())
      coverage_ = fmt::format("{} in the clone could not be read in full (`resident doctor` lists them){}{}",
                              plural(static_cast<long long>(problems.size()), "thing"), coverage_.empty() ? "" : "; ",
                              coverage_);
    return print;
  }

  std::string coverage() const override { return coverage_; }

 private:
  std::string doc_paths_of(Writer& writer) const {
    const auto project = writer.database().text("SELECT name FROM project WHERE project_id = :project",
                                                {{"project", writer.project_id()}});
    return options_.config && project ? options_.config->project(*project).search.doc_paths : SearchRules().doc_paths;
  }

  void read_commits(git::Repository& repository, const MailmapResolver& mailmap, Writer& writer) {
    std::unordered_set<std::string> on_default, in_history;
    const auto reach = [&](const std::string& sha, bool by_default, bool by_history) {
      if (by_default) on_default.insert(sha);
      if (by_history) in_history.insert(sha);
    };
    Progress progress("commits", 0);
    auto saved = std::chrono::steady_clock::now();
    git::WalkOptions options;
    options.known_commit = reach;
    options.started = [&](std::size_t total) { progress.set_total(total); };
    Lines lines(repository, writer);
    options.pulls = options_.pulls;
    options.lines_from = lines.from();
    if (options_.lines) options.line_step = [&](git::LineStep&& step) { lines.step(step); };
    std::size_t shown = 0;
    options.progress = [&](std::size_t done) {
      progress.advance(done - shown);
      shown = done;
    };
    const auto link = [&](const PersonRecord& person) {
      if (const auto real = mailmap.resolve(person)) writer.identity_link(*real, person, "mailmap", "");
    };
    writer.for_each_git_signature(link);
    repository.walk(
        writer.known_commits(),
        [&](git::Commit&& commit) {
          const std::vector<std::int64_t> numbers = commit.pull_numbers, fixes = commit.fixes,
                                          mentions = commit.mentions;
          const bool in_default = commit.on_default;
          const CommitRecord record = record_of(std::move(commit));
          writer.commit(record);
          link(record.author);
          link(record.committer);
          for (const auto& trailer : record.trailers)
            if (trailer.person.known()) link(trailer.person);
          // The last number in the subject is this commit's own pull request; what
          // stands before it, on a backport, is the original's.
          for (std::size_t i = 0; i < numbers.size(); ++i)
            writer.item_commit({numbers[i] * 2 + 1, record.sha,
                                i + 1 == numbers.size() ? (in_default ? "merge" : "backport") : "original"});
          for (const auto number : fixes) writer.item_commit({number * 2, record.sha, "fixes"});
          for (const auto number : mentions) writer.item_commit({number * 2, record.sha, "mentions"});
          if (lines.is_due()) {
            lines.flush();
            writer.checkpoint("");
          } else if (std::chrono::steady_clock::now() - saved > std::chrono::seconds(2)) {
            writer.checkpoint("");
            saved = std::chrono::steady_clock::now();
          }
        },
        options);
    // Meanwhile another thread looks at the newest tree.
    const auto stored = writer.stored_head_files();
    auto tree = std::async(std::launch::async, [&] { return newest_tree(repository, stored); });
    lines.flush();
    if (lines.lost())
      writer.quarantine("lines", plural(lines.lost(), "line") +
                                     " lost their origin, as a version of their file could not be read; they count as "
                                     "of unknown origin");
    writer.reachable(on_default, in_history);
    writer.head_files(tree.get());
  }

  static std::vector<HeadFileRecord> newest_tree(git::Repository& repository,
                                                 const std::unordered_map<std::string, HeadFileRecord>& stored) {
    std::vector<HeadFileRecord> records;
    auto files = repository.head_files();
    Progress progress("files", files.size());
    for (auto& file : files) {
      progress.advance();
      if (const auto known = stored.find(file.path); known != stored.end() && known->second.blob == file.blob) {
        records.push_back(known->second);
        continue;
      }
      repository.read_head_file(file);
      records.push_back({std::move(file.path), std::move(file.blob), file.bytes, file.lines, file.code_lines,
                         file.indentation_total, file.indentation_max});
    }
    return records;
  }

  void read_pulls(git::Repository& repository, const std::vector<git::PullHead>& pulls, Writer& writer) {
    std::vector<std::string> heads;
    std::vector<std::int64_t> numbers;
    for (const auto& pull : pulls) {
      if (writer.seen(fmt::format("refs/pull/{}/head", pull.number), pull.sha)) continue;
      heads.push_back(pull.sha);
      numbers.push_back(pull.number);
    }
    Progress progress("pull requests", heads.size());
    std::size_t shown = 0, at = 0;
    repository.pulls(
        heads,
        [&](git::Repository::PullChanges&& pull) {
          const std::int64_t number = numbers[at++], item_id = number * 2 + 1;
          std::vector<ItemFileRecord> files;
          for (auto& change : pull.files) files.push_back({std::move(change.path), change.additions, change.deletions});
          const std::string record = fmt::format("refs/pull/{}/head", number);
          writer.replace_item_files(item_id, files, writer.knows(record));
          for (const auto& sha : pull.commits) writer.item_commit({item_id, sha, "head"});
          writer.mark(record, pull.head);
          if (writer.pending() > 50000) writer.checkpoint("");
        },
        [&](std::size_t done) {
          progress.advance(done - shown);
          shown = done;
        });
  }

  std::string location_;
  SyncOptions options_;
  std::string coverage_;
};

}  // namespace

extern const SourceKind git_source;
const SourceKind git_source{
    "git", "CLONE", "a local clone of a git repository, bare or not",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<GitSource>(location); }};

}  // namespace resident

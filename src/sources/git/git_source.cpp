// `resident add git CLONE`: any local clone, bare or not. Commits go in oldest
// first, in batches with a checkpoint each, so that an interrupted run goes on
// where it stopped; a second run reads only what is new and moves the marks of
// what the branches reach.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <chrono>
#include <future>
#include <git/layout.hpp>
#include <git/line_history.hpp>
#include <git/repository.hpp>
#include <map>
#include <sources/git/codeowners.hpp>
#include <sources/git/documents.hpp>
#include <sources/git/gaps.hpp>
#include <sources/git/ignored_revisions.hpp>
#include <sources/git/maintainers.hpp>
#include <sources/git/marks.hpp>
#include <sources/source.hpp>
#include <store/line_book.hpp>
#include <store/read/stored_project.hpp>

namespace resident {

namespace {

constexpr int kMessageForm = 6;  // how this version reads messages of commits
constexpr const char* kMessages = "messages";

PersonRecord person_of(const std::string& name, const std::string& email) {
  PersonRecord record;
  record.provider = "git";
  record.name = clean_text(name, 300);
  record.email = clean_text(email, 300);
  return record;
}

std::vector<FileChangeRecord> records_of(std::vector<git::FileChange>&& changes) {
  std::vector<FileChangeRecord> records;
  records.reserve(changes.size());
  for (auto& change : changes)
    records.push_back({std::move(change.path), change.status, std::move(change.old_path), change.additions,
                       change.deletions, change.old_mode, change.mode, change.similarity, change.is_binary});
  return records;
}

std::vector<TrailerRecord> records_of(const std::vector<git::Trailer>& trailers) {
  std::vector<TrailerRecord> records;
  for (const auto& trailer : trailers) {
    TrailerRecord each{trailer.token, trailer.value, {}};
    if (!trailer.email.empty()) each.person = person_of(trailer.name, trailer.email);
    records.push_back(std::move(each));
  }
  return records;
}

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
  record.trailers = records_of(commit.trailers);
  record.marks = records_of(commit.marks);
  record.changes = records_of(std::move(commit.changes));
  return record;
}

// What a message says of items.
class Numbers {
 public:
  explicit Numbers(const git::Commit& commit)
      : pulls_(commit.pull_numbers), own_(commit.own_pulls), fixes_(commit.fixes), mentions_(commit.mentions) {}

  void link(const CommitRecord& record, Writer& writer) const {
    // The last number in the subject is this commit's own pull request, or the last ones of a batch; what
    // stands before, on a backport, is the original's.
    for (std::size_t i = 0; i < pulls_.size(); ++i)
      writer.item_commit({pulls_[i] * 2 + 1, record.sha,
                          i + own_ >= pulls_.size() ? (record.on_default ? "merge" : "backport") : "original"});
    for (const auto number : fixes_) writer.item_commit({number * 2, record.sha, "fixes"});
    for (const auto number : mentions_) writer.item_commit({number * 2, record.sha, "mentions"});
  }

 private:
  std::vector<std::int64_t> pulls_;
  std::size_t own_;
  std::vector<std::int64_t> fixes_, mentions_;
};

// Replays who wrote which line, beside the commits, and puts it into the store.
class Lines {
 public:
  Lines(git::Repository& repository, Writer& writer)
      : ignored_(ignored_revisions(repository, writer)),
        book_(writer),
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
    if (!book_.tip().empty() && (ignored_.is_other || !repository.is_on_first_parent_line(book_.tip()))) book_.reset();
  }

  void reset() { book_.reset(); }

  const std::string& from() const { return book_.tip(); }

  void step(const git::LineStep& step) {
    const auto own = book_.origin(step.sha, person_of(step.author.name, step.author.email), step.at);
    history_.apply(
        step,
        [&](const std::string& path) {
          const auto credit = step.credits.find(path);
          if (credit == step.credits.end()) return own;
          return book_.origin(step.sha, person_of(credit->second.name, credit->second.email), step.at);
        },
        ignored_.ids.contains(step.sha));
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
  IgnoredRevisions ignored_;
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
    refuse_second_clone(writer);
    git::RepositoryOptions repository_options;
    repository_options.threads = options_.threads;
    repository_options.memory = options_.memory;
    const ReferenceRules rules = reference_rules(writer);
    repository_options.patterns.references = rules;
    git::Repository repository(location_, repository_options);
    std::string state = repository.history_print() + "\n";
    const auto references = repository.references();
    for (const auto& reference : references) state += reference.name + " " + reference.sha + "\n";
    const auto pulls = options_.pulls ? repository.pull_heads() : std::vector<git::PullHead>{};
    for (const auto& pull : pulls) state += fmt::format("{} {}\n", pull.number, pull.sha);
    // A work tree's may change without a commit.
    const std::vector<MailmapEntry> mailmap = repository.mailmap();
    for (const auto& entry : mailmap)
      state += fmt::format("{}<{}>{}<{}>\n", entry.real_name, entry.real_email, entry.name, entry.email);
    const std::string doc_paths = doc_paths_of(writer);
    // How messages are read: another way has all of them read anew.
    const std::string reading = fingerprint(
        fmt::format("{} {} {} {} {} {} {}", kMessageForm, rules.host, rules.path, static_cast<int>(rules.forge),
                    fmt::join(rules.also, ","), fmt::join(rules.prefixes, ","), fmt::join(rules.closing_words, ",")));
    // The number: of what is drawn from a clone; another one has it read again.
    const std::string print =
        fingerprint(fmt::format("{}\n{}\n{}\n{}", options_.lines ? "7" : "7 without lines", doc_paths, reading, state));
    // Where something is absent, it may come without any reference moving.
    const std::string print_of_gaps = print + " " + repository.objects_print();
    if (cursor == print || cursor == print_of_gaps) {
      coverage_ = writer.remembered(kCoverage).value_or("");
      return *cursor;
    }
    GitGaps gaps(repository, writer);
    writer.mailmap(mailmap);
    if (!writer.seen(kMessages, reading)) {
      restate_messages(repository, writer);
      writer.mark(kMessages, reading);
    }
    read_commits(repository, gaps, writer);
    const DocumentCounts documents = keep_documents(repository, writer, doc_paths, gaps.some_came());
    keep_maintainers(repository, writer);
    keep_codeowners(repository, rules, writer);
    const bool all_pulls = read_pulls(repository, pulls, writer);
    keep_marks(repository, writer);
    std::vector<ReferenceRecord> records;
    for (const auto& reference : references) records.push_back({reference.name, reference.sha, reference.at});
    writer.references(records);
    const std::size_t told = gaps.tell(repository.problems(), options_.lines);
    coverage_ = documents.sentence();
    if (told)
      coverage_ = fmt::format("{} in the clone could not be read in full (`resident doctor` lists them){}{}",
                              plural(static_cast<long long>(told), "thing"), coverage_.empty() ? "" : "; ", coverage_);
    if (repository.default_branch_sha().empty())
      coverage_ = "the clone has no commit on any branch yet" + (coverage_.empty() ? "" : "; " + coverage_);
    writer.remember(kCoverage, coverage_);
    return told || !all_pulls || documents.absent ? print_of_gaps : print;
  }

  std::string coverage() const override { return coverage_; }

 private:
  // The newest tree and whose lines stand are those of one clone: the first that the project was given.
  static void refuse_second_clone(Writer& writer) {
    const std::string other = earlier_clone(writer);
    if (!other.empty())
      throw Error(ErrorKind::usage,
                  fmt::format("the project has a clone already, {}: a second one would replace its newest tree and "
                              "whose lines stand",
                              one_line(other)),
                  "give this one a project of its own, with --project NAME");
  }

  std::string doc_paths_of(Writer& writer) const {
    return options_.config ? options_.config->project(project_name(writer)).search.doc_paths : SearchRules().doc_paths;
  }

  ReferenceRules reference_rules(Writer& writer) const {
    ProjectConfig config;
    if (options_.config) config = options_.config->project(project_name(writer));
    std::string address = config.url.empty() ? project_url(writer) : config.url;
    if (address.empty()) address = origin_address();
    return make_reference_rules(config.references, address);
  }

  // Where the clone came from, as its configuration says; "" where it does not.
  std::string origin_address() const {
    const std::string config = git::read_plain_file(git::find_layout(location_).common_folder + "config", 1 << 20);
    bool in_origin = false;
    for (const std::string_view each : split(config, '\n')) {
      const std::string_view line = trim(each);
      if (line.starts_with('[')) in_origin = line == "[remote \"origin\"]";
      const std::size_t equals = line.find('=');
      if (in_origin && equals != std::string_view::npos && to_lower(trim(line.substr(0, equals))) == "url")
        return std::string(trim(line.substr(equals + 1)));
    }
    return {};
  }

  void restate_messages(git::Repository& repository, Writer& writer) {
    if (writer.known_commits().empty()) return;
    writer.forget_messages();
    git::WalkOptions options;
    options.pulls = options_.pulls;
    options.changes = false;
    repository.walk(
        {},
        [&](git::Commit&& commit) {
          const Numbers numbers(commit);
          const CommitRecord record = record_of(std::move(commit));
          writer.restate(record);
          numbers.link(record, writer);
        },
        options);
  }

  void read_commits(git::Repository& repository, GitGaps& gaps, Writer& writer) {
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
    options.again = gaps.commits();
    options.changed_again = [&](const std::string& sha, std::vector<git::FileChange>&& changes, bool is_whole) {
      writer.commit_changes(sha, records_of(std::move(changes)));
      gaps.note(sha, is_whole);
      if (writer.pending() > 50000) writer.checkpoint("");
    };
    // Who wrote what was counted as of nobody, or as of the commit at which the clone ended.
    if (gaps.some_came() && options_.lines) lines.reset();
    options.lines_from = lines.from();
    if (options_.lines) options.line_step = [&](git::LineStep&& step) { lines.step(step); };
    std::size_t shown = 0;
    options.progress = [&](std::size_t done) {
      progress.advance(done - shown);
      shown = done;
    };
    repository.walk(
        writer.known_commits(),
        [&](git::Commit&& commit) {
          if (commit.is_edge) gaps.note_edge(commit.sha);
          if (!commit.is_whole && commit.parents.size() < 2) gaps.note(commit.sha, false);
          const Numbers numbers(commit);
          const CommitRecord record = record_of(std::move(commit));
          writer.commit(record);
          numbers.link(record, writer);
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
    gaps.lost_lines(lines.lost());
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
      if (const auto known = stored.find(file.path);
          known != stored.end() && known->second.blob == file.blob && known->second.bytes) {
        records.push_back(known->second);
        continue;
      }
      repository.read_head_file(file);
      records.push_back({std::move(file.path), std::move(file.blob), file.bytes, file.lines, file.code_lines,
                         file.indentation_total, file.indentation_max});
    }
    return records;
  }

  // False where something of one is absent from the clone.
  bool read_pulls(git::Repository& repository, const std::vector<git::PullHead>& pulls, Writer& writer) {
    std::vector<std::string> heads;
    std::vector<std::int64_t> numbers;
    for (const auto& pull : pulls) {
      if (writer.seen(fmt::format("refs/pull/{}/head", pull.number), pull.sha)) continue;
      heads.push_back(pull.sha);
      numbers.push_back(pull.number);
    }
    Progress progress("pull requests", heads.size());
    std::size_t shown = 0, at = 0;
    bool all = true;
    repository.pulls(
        heads,
        [&](git::Repository::PullChanges&& pull) {
          const std::int64_t number = numbers[at++], item_id = number * 2 + 1;
          std::vector<ItemFileRecord> files;
          for (auto& change : pull.files) files.push_back({std::move(change.path), change.additions, change.deletions});
          const std::string record = fmt::format("refs/pull/{}/head", number);
          all = all && pull.is_whole;
          if (writer.remembered(record).value_or("").ends_with(kLacking)) writer.unlink_commits(item_id, "head");
          writer.replace_item_files(item_id, files, writer.knows(record));
          for (const auto& sha : pull.commits) writer.item_commit({item_id, sha, "head"});
          // With another fingerprint than the head's, so that it is read again.
          const std::string print = pull.is_whole ? pull.head : pull.head + std::string(kLacking);
          if (!writer.seen(record, print)) writer.mark(record, print);
          if (writer.pending() > 50000) writer.checkpoint("");
        },
        [&](std::size_t done) {
          progress.advance(done - shown);
          shown = done;
        });
    return all;
  }

  static constexpr const char* kCoverage = "coverage";
  static constexpr std::string_view kLacking = " lacking";

  std::string location_;
  SyncOptions options_;
  std::string coverage_;
};

}  // namespace

extern const SourceKind git_source;
const SourceKind git_source{
    "git",
    "CLONE",
    "a local clone of a git repository, bare or not",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<GitSource>(location); },
    nullptr,
    nullptr,
    false,
    1};

}  // namespace resident

#include <algorithm>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <git/miner.hpp>
#include <git/repository_parts.hpp>
#include <map>

namespace resident::git {

namespace {

constexpr std::size_t kMaxMailmapBytes = 16'000'000;
// As many as GitHub lists of one.
constexpr std::size_t kMostPullCommits = 250;

std::string shallow_file(const Layout& layout) {
  return read_plain_file(layout.common_folder + "shallow", std::size_t{1} << 28);
}

std::string grafts_file(const Layout& layout) {
  return read_plain_file(layout.common_folder + "info/grafts", std::size_t{1} << 26);
}

std::unordered_set<ObjectId, HashOfId> read_shallow(const Layout& layout) {
  std::unordered_set<ObjectId, HashOfId> shallow;
  const std::string content = shallow_file(layout);
  for (const std::string_view line : split(content, '\n'))
    if (const auto id = parse_id(trim(line))) shallow.insert(*id);
  return shallow;
}

CommitGraph::Grafts read_grafts(const Layout& layout) {
  CommitGraph::Grafts grafts;
  const std::string content = grafts_file(layout);
  for (const std::string_view line : split(content, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<ObjectId> ids;
    for (const std::string_view word : split(line, ' '))
      if (const auto id = parse_id(trim(word))) ids.push_back(*id);
    if (!ids.empty()) grafts[ids.front()] = {ids.begin() + 1, ids.end()};
  }
  return grafts;
}

}  // namespace

Repository::Parts::Parts(const std::string& path, RepositoryOptions&& given)
    : layout(find_layout(path)),
      options(std::move(given)),
      folders(layout.common_folder + "objects", layout.id_bytes, problems),
      changes(folders, problems, {options.memory / 32, options.memory / 16, options.memory / 16}),
      references(layout, changes.objects(), problems),
      graph(changes.objects(), problems, read_shallow(layout), read_grafts(layout)),
      parser(options.patterns) {
  folders.set_replacements(references.replacements());
  threads = options.threads ? options.threads : processor_count();
}

std::unordered_map<CommitGraph::Index, std::vector<CommitGraph::Index>> Repository::Parts::brought() {
  std::unordered_map<CommitGraph::Index, std::vector<CommitGraph::Index>> result;
  const auto tip = load_default();
  if (tip == CommitGraph::kNone) return result;
  brought_by = graph.brought_by(tip);
  const auto& by = *brought_by;
  for (const auto index : graph.order(CommitGraph::kOnDefault))
    if (by[index] != CommitGraph::kNone && by[index] != index) result[by[index]].push_back(index);
  return result;
}

Repository::Repository(const std::string& path, RepositoryOptions options)
    : parts_(std::make_unique<Parts>(path, std::move(options))) {}

Repository::~Repository() = default;

std::vector<Reference> Repository::references() {
  std::vector<Reference> result;
  for (const Target& target : parts_->references.all())
    if (!pull_number(target.name)) result.push_back({path_text(target.name), to_hexadecimal(target.id), target.at});
  return result;
}

std::string Repository::default_branch_sha() {
  const auto& id = parts_->find_default();
  return id ? to_hexadecimal(*id) : std::string{};
}

std::vector<PullHead> Repository::pull_heads() {
  // Two remotes may name the same number: the first by name is taken.
  std::map<std::int64_t, std::string> heads;
  for (const Target& target : parts_->references.all())
    if (const auto number = pull_number(target.name)) heads.emplace(*number, to_hexadecimal(target.id));
  std::vector<PullHead> result;
  for (const auto& [number, sha] : heads) result.push_back({number, sha});
  return result;
}

namespace {

// The value of mailmap.blob in a clone's configuration, as it is written there; the last one counts.
std::string mailmap_blob(const std::string& config) {
  std::string value;
  bool is_here = false;
  for (std::string_view line : split(config, '\n')) {
    line = trim(line);
    if (line.starts_with('[')) {
      is_here = to_lower(line.substr(0, line.find(']'))) == "[mailmap";
    } else if (const std::size_t equal = line.find('=');
               is_here && equal != std::string_view::npos && to_lower(trim(line.substr(0, equal))) == "blob") {
      value = trim(line.substr(equal + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    }
  }
  return value;
}

}  // namespace

// As git's read_mailmap() does it: the work tree's, then what mailmap.blob names, in a bare clone HEAD's by default;
// later lines go before earlier ones. mailmap.file is left out: it leads out of the clone.
std::vector<MailmapEntry> Repository::mailmap() {
  std::vector<MailmapEntry> entries;
  const std::string& folder = parts_->layout.work_tree;
  if (!folder.empty()) entries = parse_mailmap(read_plain_file(folder + ".mailmap", kMaxMailmapBytes));
  std::string blob = mailmap_blob(read_plain_file(parts_->layout.common_folder + "config", kMaxMailmapBytes));
  if (blob.empty() && folder.empty()) blob = "HEAD:.mailmap";
  const std::size_t colon = blob.find(':');
  if (colon == std::string::npos) return entries;
  const std::string revision = blob.substr(0, colon);
  auto tip = CommitGraph::kNone;
  if (revision == "HEAD") {
    tip = parts_->load_default();
  } else if (const auto id = parts_->references.resolve(revision)) {
    tip = parts_->graph.load(*id);
  }
  for (MailmapEntry& entry : parts_->mailmap_in(tip, blob.substr(colon + 1))) entries.push_back(std::move(entry));
  return entries;
}

std::vector<MailmapEntry> Repository::Parts::mailmap_in(CommitGraph::Index tip, const std::string& path) {
  const ObjectId* root = tip == CommitGraph::kNone ? nullptr : graph.tree(tip);
  if (!root) return {};
  const auto names = split(path, '/');
  auto entry = changes.find(*root, names.front());
  for (std::size_t i = 1; entry && i < names.size(); ++i) {
    const ObjectId tree = entry->id;
    entry = changes.find(tree, names[i]);
  }
  if (!entry || !entry->is_regular() || changes.objects().size(entry->id).value_or(0) > kMaxMailmapBytes) return {};
  const auto content = changes.objects().read(entry->id, ObjectType::blob);
  if (content) return parse_mailmap(content->bytes());
  problems.add("unreadable files", path, changes.objects().last_fault() + ": names it would join stay apart");
  return {};
}

void Repository::Parts::mark_all(const WalkOptions& walk) {
  using Graph = CommitGraph;
  const auto flood = [this](const ObjectId& id, Graph::Flag flag) {
    if (const auto index = graph.load(id); index != Graph::kNone) graph.flood(index, flag);
  };
  if (const auto& id = find_default()) flood(*id, Graph::kOnDefault);
  for (const Target& target : references.all()) {
    if (!pull_number(target.name)) flood(target.id, Graph::kInHistory);
    if (walk.only.empty() && (walk.pulls || !pull_number(target.name))) flood(target.id, Graph::kWanted);
  }
  // A default branch given by sha may be on no branch.
  if (const auto& id = find_default()) {
    flood(*id, Graph::kInHistory);
    if (walk.only.empty()) flood(*id, Graph::kWanted);
  }
  for (const std::string& name : walk.only) {
    const auto id = references.resolve(name);
    if (!id) throw Error(ErrorKind::usage, "there is no reference " + name + " in this clone");
    flood(*id, Graph::kWanted);
  }
}

namespace {

Commit commit_of(Mined& mined, const CommitGraph& graph) {
  Commit commit;
  const auto index = mined.job.commit;
  commit.sha = to_hexadecimal(graph.id(index));
  commit.on_default = graph.has(index, CommitGraph::kOnDefault);
  commit.in_history = graph.has(index, CommitGraph::kInHistory);
  commit.parents = std::move(mined.parents);
  commit.author = mined.author;
  commit.committer = std::move(mined.committer);
  commit.subject = std::move(mined.message.subject);
  commit.body = std::move(mined.message.body);
  commit.trailers = std::move(mined.message.trailers);
  commit.marks = std::move(mined.message.marks);
  commit.pull_numbers = std::move(mined.message.pull_numbers);
  commit.own_pulls = mined.message.own_pulls;
  commit.is_whole = mined.is_whole;
  commit.is_edge = mined.is_edge;
  commit.fixes = std::move(mined.message.fixes);
  commit.mentions = std::move(mined.message.mentions);
  if (!mined.job.changes || mined.is_merge || mined.is_edge) return commit;
  commit.changes.reserve(mined.changes.size());
  for (const TreeChange& change : mined.changes) commit.changes.push_back(describe(change));
  return commit;
}

}  // namespace

void Repository::walk(const std::unordered_set<std::string>& known, const std::function<void(Commit&&)>& sink,
                      const WalkOptions& options) {
  Parts& parts = *parts_;
  parts.graph.clear(CommitGraph::kWanted);
  parts.read_ahead();
  parts.mark_all(options);
  parts.graph.forget_ahead();
  std::vector<bool> has_line(parts.graph.size(), false);
  if (const auto tip = parts.load_default(); options.line_step && tip != CommitGraph::kNone) {
    for (const auto index : parts.graph.first_parent_line(tip)) {
      if (!options.lines_from.empty() && to_hexadecimal(parts.graph.id(index)) == options.lines_from) break;
      has_line[index] = true;
    }
  }
  std::vector<MineJob> jobs;
  for (const auto index : parts.graph.order(CommitGraph::kWanted)) {
    bool is_known = false;
    if (!known.empty() || options.known_commit) {
      const std::string sha = to_hexadecimal(parts.graph.id(index));
      is_known = known.contains(sha);
      if (is_known && options.known_commit)
        options.known_commit(sha, parts.graph.has(index, CommitGraph::kOnDefault),
                             parts.graph.has(index, CommitGraph::kInHistory));
    }
    const bool is_again = is_known && !options.again.empty() && !parts.graph.has(index, CommitGraph::kCut) &&
                          options.again.contains(to_hexadecimal(parts.graph.id(index)));
    if (!is_known || is_again || has_line[index])
      jobs.push_back(
          {index, !is_known, (!is_known || is_again) && options.changes, static_cast<bool>(has_line[index])});
  }
  if (options.started) options.started(jobs.size());
  std::unordered_map<CommitGraph::Index, std::vector<CommitGraph::Index>> brought;
  if (options.line_step) brought = parts.brought();
  MinerOptions miner;
  miner.threads = parts.options.threads;
  miner.memory = parts.options.memory;
  miner.renames = options.renames;
  miner.progress = options.progress;
  miner.brought = [&](CommitGraph::Index merge) {
    const auto found = brought.find(merge);
    return found == brought.end() ? std::vector<CommitGraph::Index>{} : found->second;
  };
  mine(jobs, parts.graph, parts.folders, parts.problems, parts.parser, miner, [&](Mined&& mined) {
    const MineJob job = mined.job;
    if (job.describe) {
      sink(commit_of(mined, parts.graph));
    } else if (job.changes && !mined.is_merge) {
      std::vector<FileChange> changes;
      for (const TreeChange& change : mined.changes) changes.push_back(describe(change));
      options.changed_again(to_hexadecimal(parts.graph.id(job.commit)), std::move(changes), mined.is_whole);
    }
    if (!job.lines) return;
    options.line_step({to_hexadecimal(parts.graph.id(job.commit)), parts.graph.committed_at(job.commit),
                       std::move(mined.author), std::move(mined.changes), std::move(mined.credits), mined.is_edge});
  });
}

void Repository::log(const std::vector<std::string>& names, bool counts,
                     const std::function<void(CommitChanges&&)>& sink,
                     const std::function<void(std::size_t total)>& started,
                     const std::function<void(std::size_t done)>& progress) {
  Parts& parts = *parts_;
  parts.read_ahead();
  std::vector<CommitGraph::Index> tips;
  const auto add = [&](const ObjectId& id) {
    if (const auto index = parts.graph.load(id); index != CommitGraph::kNone) tips.push_back(index);
  };
  for (const std::string& name : names) {
    if (const auto id = parts.references.resolve(name))
      add(*id);
    else if (!parts.references.exists(name))
      throw Error(ErrorKind::usage, "there is no reference " + one_line(name) + " in this clone");
  }
  if (names.empty())
    for (const char* folder : {"refs/heads/", "refs/tags/"})
      for (const Target& target : parts.references.all())
        if (target.name.starts_with(folder)) add(target.id);
  parts.graph.forget_ahead();
  std::vector<MineJob> jobs;
  for (const auto index : parts.graph.order_as_log(tips)) jobs.push_back({index, false, true, false});
  started(jobs.size());
  MinerOptions miner;
  miner.threads = parts.options.threads;
  miner.memory = parts.options.memory;
  miner.counts = counts;
  miner.newest_first = true;
  miner.shallow_as_root = true;
  miner.progress = progress;
  mine(jobs, parts.graph, parts.folders, parts.problems, parts.parser, miner, [&](Mined&& mined) {
    sink({to_hexadecimal(parts.graph.id(mined.job.commit)), std::move(mined.changes)});
  });
}

bool Repository::is_on_first_parent_line(const std::string& sha) {
  const auto id = parse_id(sha);
  parts_->read_ahead();
  const auto tip = parts_->load_default();
  if (!id || tip == CommitGraph::kNone) return false;
  const auto line = parts_->graph.first_parent_line(tip);
  const auto index = parts_->graph.find(*id);
  return index != CommitGraph::kNone && std::find(line.begin(), line.end(), index) != line.end();
}

Repository::Parts::PullBase Repository::Parts::pull_base(const std::string& head_sha) {
  PullBase result;
  const auto id = parse_id(head_sha);
  result.head = id ? graph.load(*id) : CommitGraph::kNone;
  if (result.head == CommitGraph::kNone) {
    problems.add("missing pull request heads", head_sha,
                 "the clone lacks this commit: its files and commits are unknown");
    return result;
  }
  const auto tip = load_default();
  if (tip == CommitGraph::kNone) return result;
  if (!brought_by) brought_by = graph.brought_by(tip);
  const auto bringer = result.head < brought_by->size() ? (*brought_by)[result.head] : CommitGraph::kNone;
  if (bringer == CommitGraph::kNone) {
    result.base = tip;
  } else if (bringer == result.head) {
    result.base = result.head;
  } else if (const auto parents = graph.parents(bringer); !parents.empty()) {
    result.base = parents[0];
  }
  return result;
}

void Repository::pulls(const std::vector<std::string>& heads, const std::function<void(PullChanges&&)>& sink,
                       const std::function<void(std::size_t done)>& progress) {
  Parts& parts = *parts_;
  std::vector<MineJob> jobs;
  std::vector<PullChanges> results(heads.size());
  std::vector<std::size_t> of_job;
  const auto tip = parts.load_default();
  if (tip != CommitGraph::kNone) parts.graph.flood(tip, CommitGraph::kOnDefault);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    results[i].head = heads[i];
    const auto [head, base] = parts.pull_base(heads[i]);
    results[i].is_whole = head != CommitGraph::kNone;
    if (head == CommitGraph::kNone || base == CommitGraph::kNone || head == base) continue;
    // What the first parent of a merge reaches was brought by other commits than the merge.
    const auto& by = *parts.brought_by;
    const auto bringer = head < by.size() ? by[head] : CommitGraph::kNone;
    const auto fork = parts.graph.fork(head, base, [&](CommitGraph::Index index) {
      return parts.graph.has(index, CommitGraph::kOnDefault) &&
             (bringer == CommitGraph::kNone || index >= by.size() || by[index] != bringer);
    });
    const bool is_cut = std::any_of(fork.own.begin(), fork.own.end(), [&](CommitGraph::Index index) {
      return parts.graph.has(index, CommitGraph::kCut);
    });
    results[i].is_whole = !is_cut && !fork.bases.empty();
    // Where the clone ends before the base is reached, all that came before would seem to be its own.
    if (is_cut && fork.bases.empty()) {
      parts.problems.add("pull requests without common history", heads[i],
                         "the clone ends before its base: its files and commits are not counted");
      continue;
    }
    const std::size_t own = fork.own.size();
    if (own > kMostPullCommits)
      parts.problems.add("long pull requests", heads[i],
                         with_thousands(static_cast<long long>(own)) + " commits are not in its base: the newest " +
                             std::to_string(kMostPullCommits) + " are linked to it");
    for (std::size_t at = own > kMostPullCommits ? own - kMostPullCommits : 0; at < own; ++at)
      results[i].commits.push_back(to_hexadecimal(parts.graph.id(fork.own[at])));
    if (fork.bases.empty()) {
      parts.problems.add("pull requests without common history", heads[i],
                         "no merge base with the default branch is in the clone: its files are not counted");
      continue;
    }
    MineJob job;
    job.commit = head;
    job.describe = job.changes = false;
    job.against = fork.bases[0];
    jobs.push_back(job);
    of_job.push_back(i);
  }
  MinerOptions miner;
  miner.threads = parts.options.threads;
  miner.memory = parts.options.memory;
  miner.progress = progress;
  std::size_t job = 0, next = 0;
  const auto give_upto = [&](std::size_t end) {
    for (; next < end; ++next) sink(std::move(results[next]));
  };
  mine(jobs, parts.graph, parts.folders, parts.problems, parts.parser, miner, [&](Mined&& mined) {
    PullChanges& result = results[of_job[job++]];
    result.is_whole = result.is_whole && mined.is_whole;
    for (const TreeChange& change : mined.changes) {
      result.files.push_back(describe(change));
      if (change.additions < 0 && !change.is_binary) result.is_whole = false;
    }
    give_upto(of_job[job - 1] + 1);
  });
  give_upto(results.size());
}

std::vector<FileChange> Repository::pull_files(const std::string& head_sha) {
  std::vector<FileChange> files;
  pulls({head_sha}, [&](PullChanges&& pull) { files = std::move(pull.files); });
  return files;
}

std::vector<std::string> Repository::pull_commits(const std::string& head_sha) {
  std::vector<std::string> commits;
  pulls({head_sha}, [&](PullChanges&& pull) { commits = std::move(pull.commits); });
  return commits;
}

std::string Repository::history_print() const {
  return fingerprint(shallow_file(parts_->layout) + "\n" + grafts_file(parts_->layout));
}

std::string Repository::objects_print() const {
  namespace fs = std::filesystem;
  std::string names;
  for (const std::string& folder : parts_->folders.loose().folders()) {
    std::vector<std::string> packs;
    std::size_t loose = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator file(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && file != end; file.increment(error)) {
      const std::string name = file->path().filename().string();
      if (name.ends_with(".pack"))
        packs.push_back(name);
      else if (name.size() > 20)
        ++loose;
    }
    std::sort(packs.begin(), packs.end());
    for (const std::string& pack : packs) names += pack + "\n";
    names += std::to_string(loose) + "\n";
  }
  return fingerprint(names);
}

bool Repository::lacks_parents(const std::string& sha) {
  const auto id = parse_id(sha);
  parts_->read_ahead();
  const auto index = id ? parts_->graph.load(*id) : CommitGraph::kNone;
  return index == CommitGraph::kNone || parts_->graph.has(index, CommitGraph::kCut);
}

bool Repository::has_object(const std::string& sha) {
  const auto id = parse_id(sha);
  auto& objects = parts_->changes.objects();
  const auto type = id ? objects.type(*id) : std::nullopt;
  return type && objects.read(*id, *type);
}

std::vector<Problem> Repository::problems() const {
  return parts_->problems.list();
}

}  // namespace resident::git

#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <condition_variable>
#include <git/miner.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace resident::git {

namespace {

constexpr std::size_t kLeastSlice = 2048, kMostSlice = 98304;
constexpr std::size_t kCommitsAtOnce = 64, kPairsAtOnce = 48;
constexpr std::size_t kMostBrought = 2000;

class Work {
 public:
  Work(const CommitGraph& graph, ObjectFolders& folders, Problems& problems, const MessageParser& parser,
       const MinerOptions& options)
      : graph_(graph), problems_(problems), parser_(parser), options_(options) {
    const unsigned threads = options.threads ? options.threads : processor_count();
    // Twice as much of each changes no time on CPython's history.
    folders.set_mapped_bytes(options.memory / 8);
    const std::size_t share = options.memory / std::max(2u, threads);
    const FileChanges::Memory memory{share / 16, share / 8, share / 8};
    for (unsigned i = 0; i < threads; ++i) tools_.push_back(std::make_unique<FileChanges>(folders, problems, memory));
  }

  std::vector<Mined> slice(const MineJob* jobs, std::size_t count, const std::atomic<bool>& stop) {
    std::vector<Mined> result(count);
    const std::size_t pieces = (count + kCommitsAtOnce - 1) / kCommitsAtOnce;
    const auto workers = static_cast<unsigned>(tools_.size());
    // Newest first: packs keep the newest versions whole.
    parallel_for(
        pieces, workers,
        [&](unsigned worker, std::size_t piece) {
          const std::size_t begin = (options_.newest_first ? piece : pieces - 1 - piece) * kCommitsAtOnce;
          const std::size_t end = std::min(count, begin + kCommitsAtOnce);
          for (std::size_t i = begin; i < end; ++i) {
            const std::size_t at = options_.newest_first ? i : end - 1 - (i - begin);
            result[at].job = jobs[at];
            read_commit(*tools_[worker], result[at]);
          }
          advance(end - begin);
        },
        &stop);
    if (options_.counts) compare_lines(result, stop);
    return result;
  }

 private:
  struct Pair {
    std::uint64_t file;
    std::uint32_t commit, change;  // positions in the slice and in the commit
  };

  void advance(std::size_t half_commits) {
    if (!options_.progress) return;
    const std::lock_guard lock(progress_);
    done_ += half_commits;
    options_.progress(done_ / (options_.counts ? 2 : 1));
  }

  void read_commit(FileChanges& tools, Mined& mined) {
    const auto index = mined.job.commit;
    const ObjectId& id = graph_.id(index);
    const std::string sha = to_hexadecimal(id);
    if (mined.job.against != CommitGraph::kNone) {
      const ObjectId *before = graph_.tree(mined.job.against), *after = graph_.tree(index);
      if (before && after) mined.changes = tools.compare(before, after, sha, false);
      mined.is_whole = before && after && tools.was_whole();
      return;
    }
    if (mined.job.describe || mined.job.lines) {
      const auto object = tools.objects().read(id, ObjectType::commit);
      if (!object)
        throw Error("commit " + sha + " was readable a moment ago and is now " + tools.objects().last_fault(),
                    "is the clone being changed? run it again");
      RawCommit raw = parse_commit(object->bytes());
      if (mined.job.describe)
        for (const std::string& fault : raw.faults) problems_.add(fault, sha, fault);
      for (const ObjectId& parent : raw.header.parents) mined.parents.push_back(to_hexadecimal(parent));
      mined.author = std::move(raw.author);
      mined.committer = std::move(raw.committer);
      if (mined.job.describe) mined.message = parser_.parse(raw.message);
    }
    mined.is_merge = graph_.parent_count(index) > 1;
    mined.is_edge = graph_.has(index, CommitGraph::kCut);
    const bool is_root = options_.shallow_as_root && graph_.is_shallow(index);
    const bool wants_changes =
        mined.job.lines || (mined.job.changes && (is_root || (!mined.is_merge && !mined.is_edge)));
    if (!wants_changes || !graph_.tree(index)) return;
    const auto parent = mined.is_edge ? std::nullopt : graph_.first_parent(index);
    const ObjectId* before = parent ? graph_.tree(*parent) : nullptr;
    if (parent && !before) return;
    mined.changes = tools.compare(before, graph_.tree(index), sha, options_.renames && before);
    mined.is_whole = tools.was_whole();
    if (mined.job.lines && mined.is_merge && options_.brought) find_credits(tools, mined);
  }

  void find_credits(FileChanges& tools, Mined& mined) {
    const auto brought = options_.brought(mined.job.commit);
    if (brought.empty() || brought.size() > kMostBrought) return;
    struct Author {
      Signature signature;
      std::size_t commits = 0;
    };
    std::unordered_map<std::string, std::map<std::string, Author>> authors;
    for (const TreeChange& change : mined.changes) authors[change.path];
    for (const auto index : brought) {
      if (graph_.parent_count(index) > 1 || graph_.has(index, CommitGraph::kCut) || !graph_.tree(index)) continue;
      const auto parent = graph_.first_parent(index);
      const ObjectId* before = parent ? graph_.tree(*parent) : nullptr;
      const std::string sha = to_hexadecimal(graph_.id(index));
      const auto object = tools.objects().read(graph_.id(index), ObjectType::commit);
      if (!object || (parent && !before)) continue;
      std::optional<Signature> signature;
      for (const TreeChange& change : tools.names(before, graph_.tree(index), sha)) {
        const auto file = authors.find(change.path);
        if (file == authors.end() || !change.after.exists()) continue;
        if (!signature) signature = parse_commit(object->bytes()).author;
        Author& author = file->second[signature->name + '\n' + signature->email];
        author.signature = *signature;
        ++author.commits;
      }
    }
    for (auto& [path, found] : authors) {
      const auto best = std::max_element(
          found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second.commits < b.second.commits; });
      if (best != found.end()) mined.credits.emplace(path, best->second.signature);
    }
  }

  void compare_lines(std::vector<Mined>& slice, const std::atomic<bool>& stop) {
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < slice.size(); ++i)
      for (std::size_t j = 0; j < slice[i].changes.size(); ++j)
        pairs.push_back({XXH3_64bits(slice[i].changes[j].path.data(), slice[i].changes[j].path.size()),
                         static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
    std::sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) {
      return a.file != b.file ? a.file < b.file
                              : options_.newest_first == (a.commit < b.commit) && a.commit != b.commit;
    });
    // Pieces of whole files; long histories of one file stay whole, too.
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      if (begins.empty() || (i - begins.back() >= kPairsAtOnce && pairs[i].file != pairs[i - 1].file))
        begins.push_back(i);
    // The longest first, so that no thread is left with one at the end.
    std::vector<std::size_t> order(begins.size());
    begins.push_back(pairs.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return begins[a + 1] - begins[a] > begins[b + 1] - begins[b];
    });
    const double share =
        static_cast<double>(slice.size()) / static_cast<double>(std::max<std::size_t>(1, pairs.size()));
    double due = 0;
    std::mutex mutex;
    parallel_for(
        order.size(), static_cast<unsigned>(tools_.size()),
        [&](unsigned worker, std::size_t piece) {
          const std::size_t begin = begins[order[piece]], end = begins[order[piece] + 1];
          for (std::size_t i = begin; i < end && !stop; ++i) {
            if (i == begin || pairs[i].file != pairs[i - 1].file) tools_[worker]->lines().begin_file();
            Mined& mined = slice[pairs[i].commit];
            tools_[worker]->measure(mined.changes[pairs[i].change], to_hexadecimal(graph_.id(mined.job.commit)),
                                    mined.job.lines);
          }
          const std::lock_guard lock(mutex);
          due += share * static_cast<double>(end - begin);
          advance(static_cast<std::size_t>(due));
          due -= static_cast<double>(static_cast<std::size_t>(due));
        },
        &stop);
    if (pairs.empty()) advance(slice.size());
  }

  const CommitGraph& graph_;
  Problems& problems_;
  const MessageParser& parser_;
  const MinerOptions& options_;
  std::vector<std::unique_ptr<FileChanges>> tools_;
  std::mutex progress_;
  std::size_t done_ = 0;
};

}  // namespace

void mine(const std::vector<MineJob>& jobs, const CommitGraph& graph, ObjectFolders& folders, Problems& problems,
          const MessageParser& parser, const MinerOptions& options, const std::function<void(Mined&&)>& sink) {
  Work work(graph, folders, problems, parser, options);
  // What a slice holds of messages and changes is the larger part of the memory.
  constexpr std::size_t kPlenty = std::size_t{512} << 20;
  const std::size_t most =
      std::clamp<std::size_t>(options.memory / (options.memory < kPlenty ? 16384 : 5461), kLeastSlice, kMostSlice);
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<std::vector<Mined>> ready;
  std::exception_ptr failure;
  bool is_over = false;
  // One slice ahead of the sink.
  std::thread producer([&] {
    try {
      for (std::size_t at = 0; at < jobs.size() && !stop;) {
        // Ever smaller towards the end, so that little is left to hand over when all is mined.
        const std::size_t left = jobs.size() - at;
        const std::size_t count = std::min({left, most, std::max(left * 3 / 4, kLeastSlice)});
        std::vector<Mined> slice = work.slice(jobs.data() + at, count, stop);
        at += count;
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return !ready || stop; });
        if (stop) break;
        ready = std::move(slice);
        changed.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    is_over = true;
    changed.notify_all();
  });
  struct Join {
    std::thread& thread;
    std::atomic<bool>& stop;
    std::condition_variable& changed;
    std::mutex& mutex;
    ~Join() {
      {
        const std::lock_guard lock(mutex);
        stop = true;
      }
      changed.notify_all();
      thread.join();
    }
  } join{producer, stop, changed, mutex};
  for (;;) {
    std::vector<Mined> slice;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return ready || is_over; });
      if (!ready) break;
      slice = std::move(*ready);
      ready.reset();
      changed.notify_all();
    }
    for (Mined& mined : slice) {
      sink(std::move(mined));
      mined = {};
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace resident::git

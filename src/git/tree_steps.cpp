// How the tree of the default branch came to be, commit by commit, and the text of many versions of its files.
#include <algorithm>
#include <base/parallel.hpp>
#include <git/miner.hpp>
#include <git/repository_parts.hpp>

namespace resident::git {

void Repository::tree_steps(bool renames, const std::function<void(TreeStep&&)>& sink,
                            const std::function<void(std::size_t total)>& started,
                            const std::function<void(std::size_t done)>& progress) {
  Parts& parts = *parts_;
  parts.read_ahead();
  const auto tip = parts.load_default();
  if (tip == CommitGraph::kNone) return;
  parts.graph.flood(tip, CommitGraph::kOnDefault);
  parts.graph.forget_ahead();
  const auto order = parts.graph.order(CommitGraph::kOnDefault);
  const auto by = parts.graph.brought_by(tip);
  std::vector<std::size_t> place(parts.graph.size(), 0);
  std::vector<MineJob> jobs;
  for (const auto index : order) {
    place[index] = jobs.size();
    // With "lines", merges too are held against their first parent; none are compared, since nothing is counted.
    jobs.push_back({index, true, true, true});
  }
  if (started) started(jobs.size());
  MinerOptions miner;
  miner.threads = parts.options.threads;
  miner.memory = parts.options.memory;
  miner.renames = renames;
  miner.counts = false;
  miner.progress = progress;
  mine(jobs, parts.graph, parts.folders, parts.problems, parts.parser, miner, [&](Mined&& mined) {
    const auto index = mined.job.commit;
    TreeStep step;
    step.sha = to_hexadecimal(parts.graph.id(index));
    for (const auto parent : parts.graph.parents(index)) step.parents.push_back(place[parent]);
    step.author = std::move(mined.author);
    step.committed_at = parts.graph.committed_at(index);
    step.subject = std::move(mined.message.subject);
    step.body = std::move(mined.message.body);
    step.pull_numbers = std::move(mined.message.pull_numbers);
    const auto landed = index < by.size() && by[index] != CommitGraph::kNone ? by[index] : index;
    step.landed_sha = to_hexadecimal(parts.graph.id(landed));
    step.landed_at = parts.graph.committed_at(landed);
    step.changes = std::move(mined.changes);
    step.is_whole = mined.is_whole;
    step.is_edge = mined.is_edge;
    sink(std::move(step));
  });
}

void Repository::read_versions(const std::vector<FileVersion>& versions, std::size_t most,
                               const std::function<void(std::size_t version, std::string_view bytes)>& sink) {
  Parts& parts = *parts_;
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (i == 0 || versions[i].path != versions[i - 1].path) begins.push_back(i);
  const unsigned workers = std::max(1u, parts.threads);
  std::vector<std::unique_ptr<ObjectStore>> stores;
  for (unsigned i = 0; i < workers; ++i)
    stores.push_back(std::make_unique<ObjectStore>(parts.folders, parts.options.memory / 16 / workers));
  parallel_for(begins.size(), workers, [&](unsigned worker, std::size_t file) {
    ObjectStore& store = *stores[worker];
    const std::size_t begin = begins[file], end = file + 1 < begins.size() ? begins[file + 1] : versions.size();
    for (std::size_t i = end; i-- > begin;) {
      const auto size = store.size(versions[i].id);
      const auto object = size && *size <= most ? store.read(versions[i].id, ObjectType::blob) : nullptr;
      if (object)
        sink(i, object->bytes());
      else
        parts.problems.add("unreadable files", path_text(versions[i].path),
                           !size          ? "a version of it is missing: what it said is unknown"
                           : *size > most ? "a version of it is too large to be read: what it said is unknown"
                                          : store.last_fault() + ": what it said is unknown");
    }
  });
}

}  // namespace resident::git

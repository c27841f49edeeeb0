#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <base/parallel.hpp>
#include <git/graph.hpp>
#include <memory>
#include <queue>

namespace resident::git {

namespace {

bool is_commit_of(std::string_view bytes, const ObjectId& id) {
  const bool is_short = std::all_of(id.begin() + kSha1Bytes, id.end(), [](unsigned char byte) { return byte == 0; });
  const std::string header = "commit " + std::to_string(bytes.size());
  // Looked up once: OpenSSL 3 searches its providers at every use of EVP_sha1().
  static const EVP_MD *const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr), *const sha256 = EVP_MD_fetch(
                                                                                nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  return EVP_DigestInit_ex(context.get(), is_short ? sha1 : sha256, nullptr) == 1 &&
         EVP_DigestUpdate(context.get(), header.c_str(), header.size() + 1) == 1 &&
         EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
         EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1 &&
         std::equal(digest.begin(), digest.begin() + length, id.begin());
}

}  // namespace

template <typename Visit>
void CommitGraph::for_each_parent(Index index, Visit visit) const {
  const Node& node = nodes_[index];
  if (node.flags & kCut && node.first_parent == kNone) return;
  for (std::uint32_t i = 0; i < node.parent_count; ++i) {
    const Index parent = parents_[node.first_parent + i];
    if (!(nodes_[parent].flags & kMissing)) visit(parent);
  }
}

CommitGraph::Index CommitGraph::find(const ObjectId& id) const {
  const auto found = index_.find(id);
  return found == index_.end() || has(found->second, kMissing) ? kNone : found->second;
}

CommitGraph::Index CommitGraph::add(const ObjectId& id) {
  const auto [found, is_new] = index_.emplace(id, static_cast<Index>(nodes_.size()));
  if (is_new) {
    nodes_.emplace_back();
    nodes_.back().id = id;
  }
  return found->second;
}

// False where the commit cannot be read.
bool CommitGraph::read(Index index) {
  const ObjectId id = nodes_[index].id;
  CommitHeader header;
  if (const auto ahead = ahead_.find(id); ahead != ahead_.end()) {
    header = std::move(ahead->second);
    ahead_.erase(ahead);
  } else {
    const auto object = objects_.read(id, ObjectType::commit);
    // Checked because a history must not lead back to itself, as it can where an index is damaged.
    const bool is_whole = object && is_commit_of(object->bytes(), objects_.folders().replaced(id));
    if (object && !is_whole)
      problems_.add("damaged commits", to_hexadecimal(id), "its content is not what its id says: it is left out");
    if (!is_whole) {
      nodes_[index].flags |= kMissing;
      return false;
    }
    header = parse_commit_header(object->bytes());
  }
  if (const auto graft = grafts_.find(id); graft != grafts_.end()) header.parents = graft->second;
  if (header.is_damaged)
    problems_.add("damaged commits", to_hexadecimal(id),
                  "it names no tree, or a parent that is none: its files, or the history before it, are not counted");
  if (header.parents.size() > 60'000) header.parents.resize(60'000);
  std::vector<Index> parents;
  const bool is_shallow = shallow_.contains(id);
  if (!is_shallow)
    for (const ObjectId& parent : header.parents) parents.push_back(add(parent));
  Node& node = nodes_[index];
  node.committed_at = header.committed_at;
  if (header.tree)
    node.tree = *header.tree;
  else
    node.flags |= kNoTree;
  node.parent_count = static_cast<std::uint16_t>(header.parents.size());
  node.first_parent = static_cast<std::uint32_t>(parents_.size());
  parents_.insert(parents_.end(), parents.begin(), parents.end());
  if (is_shallow && !header.parents.empty()) {
    node.flags |= kCut;
    node.first_parent = kNone;
    problems_.add("shallow commits", to_hexadecimal(id),
                  "the clone is shallow here: older commits are absent, and this commit's files are not counted");
  }
  return true;
}

void CommitGraph::read_ahead(unsigned threads) {
  constexpr std::size_t kWorthWhile = 2000, kAtOnce = 4096;
  for (const auto& pack : objects_.folders().packs()) {
    if (pack->count() < kWorthWhile) continue;
    const auto commits = pack->leading_commits();
    std::vector<std::optional<CommitHeader>> headers(commits.size());
    const auto read = [&](unsigned, std::size_t piece) {
      std::string fault, bytes;
      for (std::size_t i = piece * kAtOnce; i < std::min(commits.size(), (piece + 1) * kAtOnce); ++i) {
        const auto entry = pack->entry(commits[i].offset, fault);
        if (!entry || entry->type != ObjectType::commit || entry->size > 1'000'000) continue;
        bytes.resize(entry->size);
        if (pack->inflate(*entry, bytes.data()) && is_commit_of(bytes, commits[i].id))
          headers[i] = parse_commit_header(bytes);
      }
    };
    parallel_for((commits.size() + kAtOnce - 1) / kAtOnce, threads, read);
    ahead_.reserve(ahead_.size() + commits.size());
    for (std::size_t i = 0; i < commits.size(); ++i)
      if (headers[i] && objects_.folders().replaced(commits[i].id) == commits[i].id)
        ahead_.emplace(commits[i].id, std::move(*headers[i]));
  }
}

CommitGraph::Index CommitGraph::load(const ObjectId& id) {
  if (const auto found = index_.find(id); found != index_.end())
    return has(found->second, kMissing) ? kNone : found->second;
  const auto first = static_cast<Index>(nodes_.size());
  const Index start = add(id);
  // add() appends, so the nodes behind `first` are the queue.
  for (Index next = first; next < nodes_.size(); ++next) read(next);
  for (Index index = first; index < nodes_.size(); ++index) {
    const Node& node = nodes_[index];
    if (node.flags & (kMissing | kCut)) continue;
    for (std::uint32_t i = 0; i < node.parent_count; ++i) {
      const Node& parent = nodes_[parents_[node.first_parent + i]];
      if (!(parent.flags & kMissing)) continue;
      nodes_[index].flags |= kCut;
      problems_.add("commits with missing parents", to_hexadecimal(node.id),
                    "parent " + to_hexadecimal(parent.id) +
                        " cannot be read: history before it is absent, and this commit's files are not counted");
      break;
    }
  }
  if (has(start, kMissing)) return kNone;
  number_generations(start);
  return start;
}

void CommitGraph::number_generations(Index from) {
  std::vector<Index> stack = {from};
  while (!stack.empty()) {
    const Index index = stack.back();
    if (nodes_[index].generation) {
      stack.pop_back();
      continue;
    }
    Index highest = 0;
    bool ready = true;
    for_each_parent(index, [&](Index parent) {
      highest = std::max(highest, nodes_[parent].generation);
      if (!nodes_[parent].generation) {
        ready = false;
        stack.push_back(parent);
      }
    });
    if (!ready) continue;
    nodes_[index].generation = highest + 1;
    stack.pop_back();
  }
}

std::vector<CommitGraph::Index> CommitGraph::parents(Index index) const {
  std::vector<Index> result;
  for_each_parent(index, [&](Index parent) { result.push_back(parent); });
  return result;
}

std::optional<CommitGraph::Index> CommitGraph::first_parent(Index index) const {
  const Node& node = nodes_[index];
  if (!node.parent_count || node.first_parent == kNone) return std::nullopt;
  const Index parent = parents_[node.first_parent];
  return nodes_[parent].flags & kMissing ? std::nullopt : std::optional(parent);
}

bool CommitGraph::is_shallow(Index index) const {
  return has(index, kCut) && nodes_[index].first_parent == kNone;
}

std::vector<CommitGraph::Index> CommitGraph::first_parent_line(Index tip) const {
  std::vector<Index> line = {tip};
  while (const auto parent = first_parent(line.back())) line.push_back(*parent);
  return line;
}

std::vector<CommitGraph::Index> CommitGraph::order_as_log(const std::vector<Index>& tips) const {
  struct Waiting {
    Timestamp at;
    std::uint64_t arrival;
    Index index;
  };
  const auto later = [](const Waiting& a, const Waiting& b) {
    return a.at != b.at ? a.at < b.at : a.arrival > b.arrival;
  };
  std::priority_queue<Waiting, std::vector<Waiting>, decltype(later)> queue(later);
  std::vector<bool> seen(nodes_.size(), false);
  std::uint64_t arrivals = 0;
  const auto add = [&](Index index) {
    if (seen[index]) return;
    seen[index] = true;
    queue.push({nodes_[index].committed_at, arrivals++, index});
  };
  for (const Index tip : tips) add(tip);
  std::vector<Index> result;
  while (!queue.empty()) {
    const Index index = queue.top().index;
    queue.pop();
    result.push_back(index);
    for_each_parent(index, add);
  }
  return result;
}

void CommitGraph::flood(Index from, Flag flag) {
  if (has(from, flag)) return;
  nodes_[from].flags |= flag;
  std::vector<Index> stack = {from};
  while (!stack.empty()) {
    const Index index = stack.back();
    stack.pop_back();
    for_each_parent(index, [&](Index parent) {
      if (has(parent, flag)) return;
      nodes_[parent].flags |= flag;
      stack.push_back(parent);
    });
  }
}

void CommitGraph::clear(Flag flag) {
  for (Node& node : nodes_) node.flags &= static_cast<std::uint8_t>(~flag);
}

std::vector<CommitGraph::Index> CommitGraph::order(Flag flag) const {
  // Children of each commit, in one array.
  std::vector<std::uint32_t> begin(nodes_.size() + 1, 0), waiting(nodes_.size(), 0);
  for (Index index = 0; index < nodes_.size(); ++index)
    if (has(index, flag))
      for_each_parent(index, [&](Index parent) {
        ++begin[parent + 1];
        ++waiting[index];
      });
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<Index> children(begin.back());
  std::vector<std::uint32_t> end(begin.begin(), begin.end() - 1);
  for (Index index = 0; index < nodes_.size(); ++index)
    if (has(index, flag)) for_each_parent(index, [&](Index parent) { children[end[parent]++] = index; });
  const auto later = [this](Index a, Index b) {
    return nodes_[a].committed_at != nodes_[b].committed_at ? nodes_[a].committed_at > nodes_[b].committed_at
                                                            : nodes_[a].id > nodes_[b].id;
  };
  std::priority_queue<Index, std::vector<Index>, decltype(later)> ready(later);
  for (Index index = 0; index < nodes_.size(); ++index)
    if (has(index, flag) && !waiting[index]) ready.push(index);
  std::vector<Index> result;
  while (!ready.empty()) {
    const Index index = ready.top();
    ready.pop();
    result.push_back(index);
    for (std::uint32_t i = begin[index]; i < end[index]; ++i)
      if (!--waiting[children[i]]) ready.push(children[i]);
  }
  return result;
}

CommitGraph::Fork CommitGraph::fork(Index head, Index base) const {
  constexpr std::uint8_t kFromHead = 1, kFromBase = 2, kStale = 4, kBoth = kFromHead | kFromBase;
  std::unordered_map<Index, std::uint8_t> marks;
  const auto lower = [this](Index a, Index b) {
    return nodes_[a].generation != nodes_[b].generation ? nodes_[a].generation < nodes_[b].generation : a < b;
  };
  // By generation, so that all descendants of a commit come before it.
  std::priority_queue<Index, std::vector<Index>, decltype(lower)> queue(lower);
  std::size_t live = 0;  // in the queue and not stale
  const auto mark = [&](Index index, std::uint8_t bits) {
    auto [found, is_new] = marks.emplace(index, 0);
    const bool was_live = !is_new && !(found->second & kStale);
    if (is_new) queue.push(index);
    found->second |= bits;
    const bool is_live = !(found->second & kStale);
    if (is_live && is_new) ++live;
    if (was_live && !is_live) --live;
  };
  mark(head, kFromHead);
  mark(base, kFromBase);
  Fork result;
  while (!queue.empty() && live) {
    const Index index = queue.top();
    queue.pop();
    std::uint8_t bits = marks[index];
    if (!(bits & kStale)) --live;
    if (bits == kBoth) {
      result.bases.push_back(index);
      bits |= kStale;
    } else if (bits == kFromHead) {
      result.own.push_back(index);
    }
    for_each_parent(index, [&](Index parent) { mark(parent, bits); });
  }
  std::stable_sort(result.bases.begin(), result.bases.end(),
                   [this](Index a, Index b) { return committed_at(a) > committed_at(b); });
  std::reverse(result.own.begin(), result.own.end());
  return result;
}

CommitGraph::Fork CommitGraph::fork(Index head, Index base, const std::function<bool(Index)>& base_reaches) const {
  Fork result;
  if (base_reaches(head)) {
    result.bases.push_back(head);
    return result;
  }
  std::unordered_set<Index> seen = {head}, edge;
  std::vector<Index> stack = {head};
  while (!stack.empty()) {
    const Index index = stack.back();
    stack.pop_back();
    result.own.push_back(index);
    for_each_parent(index, [&](Index parent) {
      if (base_reaches(parent))
        edge.insert(parent);
      else if (seen.insert(parent).second)
        stack.push_back(parent);
    });
  }
  // Several may descend from one another; that is for the whole search.
  if (edge.size() > 1) return fork(head, base);
  result.bases.assign(edge.begin(), edge.end());
  // Parents first, as fork() has it.
  std::sort(result.own.begin(), result.own.end(), [this](Index a, Index b) {
    return nodes_[a].generation != nodes_[b].generation ? nodes_[a].generation < nodes_[b].generation : a > b;
  });
  return result;
}

std::vector<CommitGraph::Index> CommitGraph::brought_by(Index tip) const {
  const std::vector<Index> line = first_parent_line(tip);
  std::vector<Index> result(nodes_.size(), kNone);
  std::vector<Index> stack;
  for (auto bringer = line.rbegin(); bringer != line.rend(); ++bringer) {
    result[*bringer] = *bringer;
    stack = {*bringer};
    while (!stack.empty()) {
      const Index index = stack.back();
      stack.pop_back();
      for_each_parent(index, [&](Index parent) {
        if (result[parent] != kNone) return;
        result[parent] = *bringer;
        stack.push_back(parent);
      });
    }
  }
  return result;
}

}  // namespace resident::git

#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <git/renames.hpp>
#include <map>
#include <string_view>
#include <unordered_map>

namespace resident::git {

namespace {

constexpr std::uint64_t kFullScore = 60000, kLeastScore = 30000, kLeastBaseNameScore = 45000;
constexpr std::size_t kMaxPairs = 1'000'000;
constexpr std::size_t kCandidates = 4;  // kept for each addition
constexpr std::size_t kMaxFingerprintBytes = std::size_t{64} << 20;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;

constexpr std::uint32_t kHashBase = 107927;

// Chunk hashes, sorted, each with the bytes it covers.
struct Fingerprint {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> chunks;
  bool readable = false;
};

// The hashes of a text's chunks: lines, cut at 64 bytes. What stands behind the last
// line feed counts only in git 2.44 and newer.
template <class Sink>
void for_each_chunk(std::string_view content, bool is_text, const Sink& sink) {
  std::uint32_t first = 0, second = 0, length = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto c = static_cast<unsigned char>(content[i]);
    if (is_text && c == '\r' && i + 1 < content.size() && content[i + 1] == '\n') continue;
    const std::uint32_t old_first = first;
    first = (first << 7) ^ (second >> 25);
    second = (second << 7) ^ (old_first >> 25);
    first += c;
    if (++length < 64 && c != '\n') continue;
    sink((first + second * 0x61) % kHashBase, length);
    first = second = length = 0;
  }
}

Fingerprint fingerprint_of(LineStore& lines, const LineFile& file) {
  Fingerprint result;
  result.readable = true;
  const auto add = [&](std::uint32_t hash, std::uint32_t length) { result.chunks.emplace_back(hash, length); };
  const bool is_text = !file.is_binary();
  if (file.size() == 0) {
    for_each_chunk(lines.text(file), is_text, add);
  } else if (!is_text) {
    // A line feed ends a chunk, so lines can be taken one by one.
    for (std::size_t i = 0; i < file.size(); ++i) for_each_chunk(lines.table().text(file.lines()[i]), is_text, add);
  } else {
    // Most lines are one chunk, and were seen before.
    result.chunks.reserve(file.size());
    for (std::size_t i = 0; i < file.size(); ++i) {
      const LineNumber line = file.lines()[i];
      const std::string_view text = lines.table().text(line);
      if (text.size() > 64 || text.back() != '\n') {
        for_each_chunk(text, is_text, add);
        continue;
      }
      std::uint32_t& known = lines.table().note(line);
      if (!known)
        for_each_chunk(text, is_text, [&](std::uint32_t hash, std::uint32_t length) { known = hash << 7 | length; });
      add(known >> 7, known & 127);
    }
  }
  std::sort(result.chunks.begin(), result.chunks.end());
  std::size_t kept = 0;
  for (std::size_t i = 1; i < result.chunks.size(); ++i) {
    if (result.chunks[i].first == result.chunks[kept].first) {
      result.chunks[kept].second += result.chunks[i].second;
    } else {
      result.chunks[++kept] = result.chunks[i];
    }
  }
  if (!result.chunks.empty()) result.chunks.resize(kept + 1);
  result.chunks.shrink_to_fit();
  return result;
}

std::uint64_t common_bytes(const Fingerprint& a, const Fingerprint& b) {
  std::uint64_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.chunks.size() && j < b.chunks.size();) {
    if (a.chunks[i].first < b.chunks[j].first) {
      ++i;
    } else if (a.chunks[i].first > b.chunks[j].first) {
      ++j;
    } else {
      common += std::min(a.chunks[i++].second, b.chunks[j++].second);
    }
  }
  return common;
}

std::string_view base_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
}

struct File {
  std::size_t change;  // position in the list of changes
  const std::string* path;
  Entry entry;
  std::uint64_t size = 0;
  bool sized = false;
  bool used = false;  // has its partner
  std::optional<Fingerprint> fingerprint;
};

struct Pair {
  std::size_t source = 0, target = 0;
  std::uint64_t score = 0;
  bool same_name = false;
  bool empty = true;
};

// Negative where a is the better pair.
int compare_pairs(const Pair& a, const Pair& b) {
  if (a.empty || b.empty) return a.empty == b.empty ? 0 : a.empty ? 1 : -1;
  if (a.score != b.score) return a.score > b.score ? -1 : 1;
  return static_cast<int>(b.same_name) - static_cast<int>(a.same_name);
}

class Matcher {
 public:
  Matcher(std::vector<TreeChange>& changes, ObjectStore& objects, LineStore& lines, Problems& problems,
          const std::string& record)
      : changes_(changes), objects_(objects), lines_(lines), problems_(problems), record_(record) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (!changes[i].before.exists())
        targets_.push_back({i, &changes[i].path, changes[i].after, 0, false, false, {}});
      else if (!changes[i].after.exists())
        sources_.push_back({i, &changes[i].path, changes[i].before, 0, false, false, {}});
    }
  }

  void run() {
    if (sources_.empty() || targets_.empty()) return;
    match_equal();
    match_base_names();
    match_best();
    apply();
  }

 private:
  void match_equal() {
    std::unordered_map<ObjectId, std::vector<std::size_t>, HashOfId> by_id;
    for (std::size_t i = 0; i < sources_.size(); ++i) by_id[sources_[i].entry.id].push_back(i);
    for (std::size_t target = 0; target < targets_.size(); ++target) {
      const auto found = by_id.find(targets_[target].entry.id);
      if (found == by_id.end()) continue;
      std::optional<std::size_t> best;
      for (const std::size_t source : found->second) {
        const Entry &a = sources_[source].entry, &b = targets_[target].entry;
        if (sources_[source].used || ((!a.is_regular() || !b.is_regular()) && a.mode != b.mode)) continue;
        if (!best) best = source;
        if (base_name(*sources_[source].path) == base_name(*targets_[target].path)) {
          best = source;
          break;
        }
      }
      if (best) join(*best, target, kFullScore);
    }
  }

  void match_base_names() {
    constexpr std::size_t kMany = static_cast<std::size_t>(-1);
    const auto unique_names = [](const std::vector<File>& files) {
      std::unordered_map<std::string_view, std::size_t> names;
      for (std::size_t i = 0; i < files.size(); ++i)
        if (!files[i].used)
          if (const auto [entry, is_new] = names.emplace(base_name(*files[i].path), i); !is_new) entry->second = kMany;
      return names;
    };
    const auto sources = unique_names(sources_), targets = unique_names(targets_);
    for (std::size_t source = 0; source < sources_.size(); ++source) {
      if (sources_[source].used) continue;
      const auto name = base_name(*sources_[source].path);
      const auto target = targets.find(name);
      if (sources.at(name) == kMany || target == targets.end() || target->second == kMany) continue;
      const std::uint64_t alike = score(source, target->second, kLeastScore);
      if (alike >= kLeastBaseNameScore) join(source, target->second, alike);
      targets_[target->second].fingerprint.reset();
    }
  }

  void match_best() {
    const auto is_free = [](const File& file) { return !file.used; };
    const auto free_sources = static_cast<std::size_t>(std::count_if(sources_.begin(), sources_.end(), is_free));
    const auto free_targets = static_cast<std::size_t>(std::count_if(targets_.begin(), targets_.end(), is_free));
    if (!free_sources || !free_targets || free_sources * free_targets > kMaxPairs) return;
    std::vector<Pair> pairs;
    for (std::size_t target = 0; target < targets_.size(); ++target) {
      if (targets_[target].used) continue;
      std::array<Pair, kCandidates> best;
      for (std::size_t source = 0; source < sources_.size(); ++source) {
        if (sources_[source].used) continue;
        const Pair pair{source, target, score(source, target, kLeastScore),
                        base_name(*sources_[source].path) == base_name(*targets_[target].path), false};
        std::size_t worst = 0;
        for (std::size_t i = 1; i < kCandidates; ++i)
          if (compare_pairs(best[i], best[worst]) > 0) worst = i;
        if (compare_pairs(best[worst], pair) > 0) best[worst] = pair;
      }
      targets_[target].fingerprint.reset();
      for (const Pair& pair : best) pairs.push_back(pair);
    }
    std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return compare_pairs(a, b) < 0; });
    for (const Pair& pair : pairs) {
      if (pair.empty || pair.score < kLeastScore) break;
      if (!targets_[pair.target].used && !sources_[pair.source].used) join(pair.source, pair.target, pair.score);
    }
  }

  void join(std::size_t source, std::size_t target, std::uint64_t alike) {
    sources_[source].used = targets_[target].used = true;
    sources_[source].fingerprint.reset();
    partners_.push_back({source, target, static_cast<int>(alike * 100 / kFullScore)});
  }

  void apply() {
    std::vector<bool> gone(changes_.size(), false);
    for (const auto& [source, target, similarity] : partners_) {
      TreeChange& to = changes_[targets_[target].change];
      TreeChange& from = changes_[sources_[source].change];
      to.before = from.before;
      to.old_path = std::move(from.path);
      to.similarity = similarity;
      gone[sources_[source].change] = true;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (gone[i]) continue;
      if (kept != i) changes_[kept] = std::move(changes_[i]);
      ++kept;
    }
    changes_.resize(kept);
  }

  bool find_size(File& file) {
    if (!file.sized) {
      file.sized = true;
      const auto size = objects_.size(file.entry.id);
      file.size = size.value_or(kMaxFileBytes + 1);
      if (!size) tell_unreadable(file, "missing or damaged");
    }
    return file.size <= kMaxFileBytes;
  }

  void tell_unreadable(const File& file, const std::string& fault) {
    problems_.add("unreadable files", to_hexadecimal(file.entry.id),
                  "the content is " + fault + ", in " + record_ + " as " + clean_text(*file.path) +
                      "; whether the file was renamed is not known");
  }

  const Fingerprint& fingerprint(File& file) {
    if (!file.fingerprint) {
      file.fingerprint.emplace();
      if (fingerprint_bytes_ > kMaxFingerprintBytes) {
        if (!overflowed_)
          problems_.add("unsearched renames", record_,
                        "too much text moved at once; some renames show as a deletion and an addition");
        overflowed_ = true;
      } else if (const auto content = lines_.read(file.entry.id)) {
        file.fingerprint = fingerprint_of(lines_, *content);
      } else {
        tell_unreadable(file, lines_.last_fault());
      }
    }
    return *file.fingerprint;
  }

  std::uint64_t score(std::size_t source_index, std::size_t target_index, std::uint64_t least) {
    File &source = sources_[source_index], &target = targets_[target_index];
    if (!source.entry.is_regular() || !target.entry.is_regular()) return 0;
    if (!find_size(source) || !find_size(target)) return 0;
    const std::uint64_t larger = std::max(source.size, target.size), smaller = std::min(source.size, target.size);
    if (larger * (kFullScore - least) < (larger - smaller) * kFullScore || !target.size) return 0;
    const bool is_new = !source.fingerprint;
    const Fingerprint& a = fingerprint(source);
    if (is_new) fingerprint_bytes_ += a.chunks.size() * sizeof a.chunks[0];
    const Fingerprint& b = fingerprint(target);
    if (!a.readable || !b.readable) return 0;
    return common_bytes(a, b) * kFullScore / larger;
  }

  std::vector<TreeChange>& changes_;
  ObjectStore& objects_;
  LineStore& lines_;
  Problems& problems_;
  const std::string& record_;
  std::vector<File> sources_, targets_;
  struct Partners {
    std::size_t source, target;
    int similarity;
  };
  std::vector<Partners> partners_;
  std::size_t fingerprint_bytes_ = 0;
  bool overflowed_ = false;
};

}  // namespace

void find_renames(std::vector<TreeChange>& changes, ObjectStore& objects, LineStore& lines, Problems& problems,
                  const std::string& record) {
  Matcher(changes, objects, lines, problems, record).run();
}

}  // namespace resident::git

#include <algorithm>
#include <base/text.hpp>
#include <cstring>
#include <map>
#include <sources/interest/tally.hpp>
#include <tuple>

namespace resident::interest {

namespace {

constexpr std::size_t kLongestName = 300;  // of what is shown

// A key: number of the language, of the project, then module, zero, name.
struct Header {
  std::uint32_t language = 0, project = 0;
};

std::uint32_t number_of(const Language& language) {
  return static_cast<std::uint32_t>(&language - languages().data());
}

void mark(std::vector<bool>& marks, std::size_t place) {
  if (marks.size() <= place) marks.resize(place + 1);
  marks[place] = true;
}

std::int64_t count_marks(const std::vector<Tally>& tallies, const std::vector<bool>& (*marks_of)(const Tally&)) {
  std::vector<bool> all;
  for (const Tally& tally : tallies) {
    const auto& marks = marks_of(tally);
    for (std::size_t i = 0; i < marks.size(); ++i)
      if (marks[i]) mark(all, i);
  }
  return std::count(all.begin(), all.end(), true);
}

std::string shown(std::string_view text) {
  return one_line(clean_text(text, kLongestName));
}

}  // namespace

bool Tally::counts(const Language& language, const Mention& mention) {
  if (is_relative(language, mention.module)) {
    if (mention.first) ++relative_;
    if (!options_->relative) return false;
  }
  return options_->wholes.empty() ||
         std::any_of(options_->wholes.begin(), options_->wholes.end(),
                     [&](const std::string& whole) { return is_part(language, mention.module, whole); });
}

void Tally::place(const Language& language, std::size_t project, std::string_view file, std::int64_t line,
                  const Mention& mention) {
  places_.push_back(
      {&language, project, shown(file), line, shown(mention.module), shown(mention.name), mention.conditional});
}

void Tally::add(const Language& language, std::size_t project, std::string_view file, std::string_view text,
                const Mentions& mentions) {
  ++files_;
  mark(seen_, project);
  std::int64_t line = 1;
  std::size_t counted_to = 0;
  for (const Mention& mention : mentions.list()) {
    if (!counts(language, mention)) continue;
    if (options_->own && options_->own->meant(language, mention).empty()) continue;
    mark(used_, project);
    if (options_->each) {
      if (mention.offset < counted_to) {
        line = 1;
        counted_to = 0;
      }
      line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted_to),
                         text.begin() + static_cast<std::ptrdiff_t>(mention.offset), '\n');
      counted_to = mention.offset;
      place(language, project, file, line, mention);
    }
    if (!options_->names && !options_->own && !mention.first) continue;
    // A header is the same to C and C++.
    const bool is_header = options_->own && language.name == "c++";
    const Header header{is_header ? number_of(language_named("c")) : number_of(language),
                        static_cast<std::uint32_t>(project)};
    key_.assign(reinterpret_cast<const char*>(&header), sizeof header);
    key_ += options_->own ? options_->own->meant(language, mention) : mention.module;
    if (options_->names) (key_ += '\0') += mention.name;
    Count& count = counts_[key_];
    // Several names of one statement may lead to one module.
    if (options_->own && !options_->names && count.last_file == files_ && count.last_offset == mention.offset) continue;
    ++count.count;
    if (count.last_file != files_) ++count.files;
    count.last_file = files_;
    count.last_offset = mention.offset;
  }
}

std::vector<Use> Tally::joined(const std::vector<Tally>& tallies, const std::vector<double>& weights) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> by_project;  // files and count, by whole key
  for (const Tally& tally : tallies) {
    for (const auto& [key, count] : tally.counts_) {
      auto& sum = by_project[key];
      sum.first += count.files;
      sum.second += count.count;
    }
  }
  std::unordered_map<std::string, Use> uses;
  for (const auto& [key, count] : by_project) {
    Header header;
    std::memcpy(&header, key.data(), sizeof header);
    std::string name = key.substr(sizeof header);
    Use& use = uses[std::to_string(header.language) + ' ' + name];
    if (use.projects == 0) {
      use.language = &languages()[header.language];
      const std::size_t zero = name.find('\0');
      use.module = shown(std::string_view(name).substr(0, zero));
      if (zero != std::string::npos) use.name = shown(std::string_view(name).substr(zero + 1));
    }
    ++use.projects;
    if (header.project < weights.size()) use.weight += weights[header.project];
    use.files += count.first;
    use.count += count.second;
  }
  std::vector<Use> sorted;
  sorted.reserve(uses.size());
  for (auto& [key, use] : uses) sorted.push_back(std::move(use));
  const auto order = [](const Use& use) {
    return std::make_tuple(-use.projects, -use.files, -use.count, std::string_view(use.module),
                           std::string_view(use.name), use.language->name);
  };
  std::sort(sorted.begin(), sorted.end(), [&](const Use& a, const Use& b) { return order(a) < order(b); });
  return sorted;
}

std::vector<Place> Tally::places(std::vector<Tally>& tallies) {
  std::vector<Place> all;
  for (Tally& tally : tallies)
    all.insert(all.end(), std::make_move_iterator(tally.places_.begin()), std::make_move_iterator(tally.places_.end()));
  std::stable_sort(all.begin(), all.end(),
                   [](const Place& a, const Place& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
  return all;
}

std::int64_t Tally::projects(const std::vector<Tally>& tallies) {
  return count_marks(tallies, [](const Tally& tally) -> const std::vector<bool>& { return tally.seen_; });
}

std::int64_t Tally::users(const std::vector<Tally>& tallies) {
  return count_marks(tallies, [](const Tally& tally) -> const std::vector<bool>& { return tally.used_; });
}

}  // namespace resident::interest

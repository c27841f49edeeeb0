#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <set>
#include <sources/proposals/guess.hpp>
#include <sources/proposals/head_forms.hpp>

namespace resident {

namespace {

constexpr std::size_t kFewestFiles = 3, kMostSamples = 40, kSampleBytes = 30'000, kMostGuessedStatus = 40;
// Of a hundred files of a shape, so many have to say a status; a shape in as many of all files is what the repository
// is for, so that other documents in it may be drafts.
constexpr std::size_t kFewestWithStatus = 40, kOwnRepository = 20;
constexpr std::array kStatusKeys{"status", "stage", "state"};
constexpr std::array kStateFolders{"accepted",  "approved",   "implemented", "rejected",   "draft",
                                   "drafts",    "proposed",   "final",       "withdrawn",  "done",
                                   "abandoned", "superseded", "completed",   "deprecated", "deferred",
                                   "obsolete",  "pending",    "declined",    "active",     "complete"};

std::string quoted_for_pattern(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (std::string_view("\\.+*?()[]{}|^$").find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

// The files that are named alike but for their numbers: "bip-0087.mediawiki", "proposals/0198-a-name.md",
// "CIP-0054/README.md".
struct NameShape {
  std::string folder;             // above what has the number, with the last "/"
  std::string prefix;             // before the digits
  bool is_folder = false;         // the number is the folder's
  std::set<std::string> endings;  // "md"
  std::set<std::string> numbers;
  std::vector<std::size_t> files;
};

using NameShapes = std::map<std::string, NameShape>;

bool is_document(std::string_view ending) {
  return ending == "md" || ending == "rst" || ending == "txt" || ending == "mediawiki" || ending == "xml" ||
         ending == "adoc" || ending == "markdown" || ending == "org" || ending == "html";
}

void add_to_shapes(NameShapes& shapes, const std::string& path, std::size_t place) {
  static const Pattern numbered(R"(^([A-Za-z][A-Za-z]{0,15}[-_ ]?)?(\d{1,6})(?:[-_ .].*)?$)");
  const auto name = file_name(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || !is_document(name.substr(dot + 1)) || contains_ignoring_case(name, "template"))
    return;
  if (!is_clean_text(path)) return;
  auto folder = std::string_view(path).substr(0, path.size() - name.size());
  auto stem = name.substr(0, dot);
  std::string prefix, digits;
  bool is_folder = false;
  if (!numbered.found_in(stem, &prefix, &digits)) {
    if (folder.empty()) return;
    const auto above = folder.substr(0, folder.size() - 1);
    const auto last = file_name(above);
    if (!numbered.found_in(last, &prefix, &digits)) return;
    folder = above.substr(0, above.size() - last.size());
    is_folder = true;
  } else if (!folder.empty()) {
    // "sips/sip-033/sip-033-clarity4.md": the folder has the number, too.
    const auto above = folder.substr(0, folder.size() - 1);
    std::string its_prefix, its_digits;
    if (numbered.found_in(file_name(above), &its_prefix, &its_digits) &&
        without_zeros(its_digits) == without_zeros(digits)) {
      prefix = its_prefix;
      folder = above.substr(0, above.size() - file_name(above).size());
      is_folder = true;
    }
  }
  NameShape& shape = shapes[std::string(folder) + "\n" + prefix + (is_folder ? "/" : "")];
  shape.folder = std::string(folder);
  shape.prefix = prefix;
  shape.is_folder = is_folder;
  shape.endings.insert(std::string(name.substr(dot + 1)));
  shape.numbers.insert(without_zeros(digits));
  shape.files.push_back(place);
}

// Some of its files, all over them.
template <class Sink>
std::size_t sample(const NameShape& shape, const TreeReader& tree, Sink sink) {
  std::size_t asked = 0;
  const std::size_t pace = std::max<std::size_t>(1, shape.files.size() / kMostSamples);
  for (std::size_t i = 0; i < shape.files.size(); i += pace, ++asked)
    sink(tree.paths[shape.files[i]], tree.text(shape.files[i]));
  return asked;
}

// How many of a hundred files of a shape say a status by that key.
std::size_t share_with_status(const NameShape& shape, const TreeReader& tree, const std::string& key) {
  std::size_t with = 0;
  const std::size_t asked = sample(shape, tree, [&](const std::string& path, const std::string& text) {
    const auto heads = document_heads(path, text, key);
    with += std::any_of(heads.begin(), heads.end(), [&](const HeaderFields& fields) {
      const std::string status = status_word(field_value(fields, key));
      return !status.empty() && status.size() <= kMostGuessedStatus;
    });
  });
  return with < kFewestFiles && with < asked ? 0 : 100 * with / std::max<std::size_t>(1, asked);
}

// What the status may be called there: the usual names, and what ends so ("RFC Status").
std::vector<std::string> status_keys(const NameShape& shape, const TreeReader& tree) {
  std::map<std::string, std::size_t> own;
  sample(shape, tree, [&](const std::string& path, const std::string& text) {
    std::set<std::string> names;
    for (const HeaderFields& fields : document_heads(path, text, "", Heads::all))
      for (const HeaderField& field : fields)
        if (field.name.ends_with(" status") || field.name.ends_with("-status")) names.insert(field.name);
    for (const std::string& name : names) ++own[name];
  });
  std::vector<std::string> keys(kStatusKeys.begin(), kStatusKeys.end());
  const auto most =
      std::max_element(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != own.end() && most->second >= kFewestFiles) keys.push_back(most->first);
  return keys;
}

std::string endings_pattern(const std::set<std::string>& endings) {
  std::string pattern;
  for (const std::string& ending : endings) pattern += (pattern.empty() ? "" : "|") + ending;
  return "[.](?:" + pattern + ")";
}

// Whether files in a folder of its folder have numbers that are its own, too: those are another series.
bool is_numbered_twice(const NameShape& shape, const NameShapes& shapes) {
  return std::any_of(shapes.begin(), shapes.end(), [&](const auto& named) {
    const NameShape& other = named.second;
    return other.folder != shape.folder && other.folder.starts_with(shape.folder) && other.prefix == shape.prefix &&
           std::any_of(other.numbers.begin(), other.numbers.end(),
                       [&](const std::string& number) { return shape.numbers.contains(number); });
  });
}

// The shape's files wherever they lie, and documents that have no number yet.
OwnProposalFormat own_of_shape(const NameShape& shape, const NameShapes& shapes, const std::string& key,
                               std::size_t all_files) {
  const std::string ending = endings_pattern(shape.endings), folder = quoted_for_pattern(shape.folder);
  // Where nothing is written before the number, files elsewhere may be numbered for other reasons.
  const bool is_alone = !is_numbered_twice(shape, shapes);
  const std::string place = !shape.prefix.empty() ? "(?:.*/)?" : folder + (is_alone ? "(?:[^/]+/)?" : "");
  // Files of one day are not one proposal.
  const bool is_date = !shape.is_folder && shape.numbers.size() * 10 < shape.files.size() * 8;
  const std::string number = is_date ? "(" + quoted_for_pattern(shape.prefix) + "[0-9][^/]*)"
                                     : quoted_for_pattern(shape.prefix) + "([0-9]{1,6})";
  const bool is_what_it_is_for = shape.files.size() * 100 >= all_files * kOwnRepository;
  OwnProposalFormat own;
  own.paths = place + number +
              (shape.is_folder ? "(?:[-_ .][^/]*)?/[^/]*"
               : is_date       ? ""
                               : "(?:[-_ .][^/]*)?") +
              ending;
  own.paths += "|" + (is_what_it_is_for ? std::string("(?:.*/)?") : folder) +
               (shape.is_folder && !is_what_it_is_for ? "[^/]+/" : "") + "[^/]*" + ending;
  own.status = key;
  std::string prefix = shape.prefix;
  while (!prefix.empty() && std::string_view("-_ ").find(prefix.back()) != std::string_view::npos) prefix.pop_back();
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), [](unsigned char c) { return std::toupper(c); });
  own.noun = prefix;
  own.description =
      "the field " + key + " in the head of " + shape.folder + shape.prefix + "N" + (shape.is_folder ? "/" : "") +
      (is_alone || !shape.prefix.empty() ? ", wherever the file lies" : "") + ", and of drafts that became one";
  return own;
}

std::optional<OwnProposalFormat> by_state_folders(const TreeReader& tree) {
  std::map<std::string, std::size_t> states;
  std::set<std::string> endings, tops;
  std::size_t files = 0;
  for (const std::string& path : tree.paths) {
    const auto name = file_name(path);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || !is_document(name.substr(dot + 1)) || !is_clean_text(path)) continue;
    for (const auto part : split(std::string_view(path).substr(0, path.size() - name.size()), '/')) {
      if (std::find(kStateFolders.begin(), kStateFolders.end(), part) == kStateFolders.end()) continue;
      ++states[std::string(part)];
      ++files;
      endings.insert(std::string(name.substr(dot + 1)));
      tops.insert(path.substr(0, path.find('/')));
      break;
    }
  }
  if (states.size() < 2 || files < 2 * kFewestFiles || files * 100 < tree.paths.size() * kFewestWithStatus)
    return std::nullopt;
  std::string words;
  for (const char* word : kStateFolders) words += (words.empty() ? "" : "|") + std::string(word);
  OwnProposalFormat own;
  const bool has_top = tops.size() == 1 && !states.contains(*tops.begin());
  own.paths = (has_top ? quoted_for_pattern(*tops.begin()) + "/" : std::string{}) + "(?:(.*)/)?(?P<status>" + words +
              ")/(.+)" + endings_pattern(endings);
  own.description = "the folder of the file that is called as a state is";
  return own;
}

}  // namespace

std::optional<OwnProposalFormat> guess_own_proposals(const TreeReader& tree) {
  NameShapes shapes;
  for (std::size_t i = 0; i < tree.paths.size(); ++i) add_to_shapes(shapes, tree.paths[i], i);
  const NameShape* best = nullptr;
  std::string best_key;
  std::size_t most = 0;
  for (const auto& [name, shape] : shapes) {
    if (shape.files.size() < kFewestFiles || shape.files.size() <= most) continue;
    for (const std::string& key : status_keys(shape, tree)) {
      const std::size_t share = share_with_status(shape, tree, key);
      const std::size_t count = share * shape.files.size() / 100;
      if (share < kFewestWithStatus || count <= most) continue;
      best = &shape;
      best_key = key;
      most = count;
    }
  }
  if (best) return own_of_shape(*best, shapes, best_key, tree.paths.size());
  return by_state_folders(tree);
}

std::optional<ProposalFormat> find_proposal_format(git::Repository& repository) {
  TreeReader tree;
  std::vector<git::Repository::HeadFile> files;
  for (auto& file : repository.head_files()) {
    if (file.is_submodule || file.is_link) continue;
    tree.paths.push_back(file.path);
    files.push_back(std::move(file));
  }
  tree.text = [&](std::size_t place) {
    return clean_text(repository.read_text(files[place], kSampleBytes).text.value_or(std::string{}));
  };
  const std::string name = guess_proposal_format(tree.paths);
  // A folder text/ says no more than that somebody follows Rust's way; some write a status, too.
  if (!name.empty() && name != "rfcs") return proposal_format(name);
  if (const auto own = guess_own_proposals(tree); own && !(name == "rfcs" && own->status.empty()))
    return proposal_format("own", *own);
  if (!name.empty()) return proposal_format(name);
  return std::nullopt;
}

}  // namespace resident

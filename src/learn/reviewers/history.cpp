#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <learn/reviewers/history.hpp>
#include <learn/reviewers/record.hpp>

namespace resident::reviewers {

namespace {

constexpr std::size_t kShortestWord = 3;
// What the forge does with a new pull request, it does within that time.
constexpr Timestamp kOpening = kMinute;

// Lower-case words of letters and digits.
template <class Each>
void each_word(std::string_view text, const Each& each) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80)) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (word.size() >= kShortestWord) each(word);
    word.clear();
  }
}

}  // namespace

// Makes a history of the rows: identities become persons, paths and words become numbers.
class HistoryLoader {
 public:
  HistoryLoader(const Context& context, ReviewHistory& history) : context_(context), history_(history) {}

  void load() {
    ReviewRecord record = load_review_record(context_);
    history_.basis = record.basis;
    for (const std::int64_t identity : record.identities) {
      const std::int64_t id = history_.people.person(identity);
      persons_of_record_.push_back(id == 0 ? kNone : person_of(id));
    }
    take_pulls(record);
    take_acts(record);
    take_links(record);
    load_owners();
    history_.issue_count = static_cast<Index>(issues_.size());
    history_.key_count = static_cast<Index>(keys_.size());
    history_.word_count = static_cast<Index>(words_.size());
  }

 private:
  Index person_of(std::int64_t id) {
    const auto [found, is_new] = persons_.emplace(id, static_cast<Index>(history_.person_ids.size()));
    if (is_new) {
      history_.person_ids.push_back(id);
      history_.is_bot.push_back(history_.people.bots.contains(id));
      history_.names_.push_back(history_.people.name(id));
    }
    return found->second;
  }

  Index issue_of(std::int64_t item) { return issues_.emplace(item, static_cast<Index>(issues_.size())).first->second; }

  static Index number_of(std::unordered_map<std::string, Index>& table, const std::string& text) {
    return table.emplace(text, static_cast<Index>(table.size())).first->second;
  }

  // What is taken over is let go of: a long history would else be in memory twice.
  void take_pulls(ReviewRecord& record) {
    files_of_record_.assign(record.paths.size(), kNone);
    paths_ = &record.paths;
    history_.pulls.reserve(record.pulls.size());
    for (auto& each : record.pulls) {
      Pull pull;
      pull.id = each.item_id;
      pull.number = each.number;
      pull.author = each.author == kNone ? kNone : persons_of_record_[each.author];
      pull.author_is_bot = pull.author != kNone && history_.is_bot[pull.author];
      pull.opened_at = each.opened_at;
      pull.closed_at = each.closed_at;
      each_word(each.title, [&](const std::string& word) {
        const Index number = number_of(words_, word);
        if (std::find(pull.words.begin(), pull.words.end(), number) == pull.words.end()) pull.words.push_back(number);
      });
      for (const Index path : each.paths) {
        const Index file = file_of(path);
        if (!pull.files.empty() && history_.file_paths[pull.files.back()] == history_.file_paths[file])
          continue;  // told by two sources
        pull.files.push_back(file);
      }
      std::string().swap(each.title);
      std::vector<Index>().swap(each.paths);
      history_.pull_index[pull.id] = static_cast<Index>(history_.pulls.size());
      history_.pulls.push_back(std::move(pull));
    }
    std::vector<RecordedPull>().swap(record.pulls);
  }

  // The keys of a file: itself, its folders from the inside out, and its bare name
  // ("test_x.py", "_x.c" and "x.rst" share "x"), and its ending.
  Index file_of(Index path_of_record) {
    Index& file = files_of_record_[path_of_record];
    if (file != kNone) return file;
    file = static_cast<Index>(history_.file_keys.size());
    const std::string& path = (*paths_)[path_of_record];
    std::vector<Index> keys{number_of(keys_, path)};
    for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = path.rfind('/', slash - 1))
      keys.push_back(number_of(keys_, path.substr(0, slash + 1)));
    keys.push_back(number_of(keys_, "~" + bare_name(path)));
    const std::size_t dot = path.rfind('.');
    keys.push_back(number_of(keys_, dot == std::string::npos ? "." : "*" + path.substr(dot)));
    history_.file_keys.push_back(std::move(keys));
    history_.file_paths.push_back(path);
    return file;
  }

  static std::string bare_name(const std::string& path) {
    std::string name = path.substr(path.rfind('/') + 1);
    name = to_lower(name.substr(0, name.find('.', 1)));
    for (const std::string_view affix : {"test_", "tests_", "bench_", "_"})
      if (name.starts_with(affix) && name.size() > affix.size()) name.erase(0, affix.size());
    for (const std::string_view affix : {"_test", "_tests", "_impl", "_bench", "module", ".test", ".spec"})
      if (name.ends_with(affix) && name.size() > affix.size()) name.erase(name.size() - affix.size());
    return name;
  }

  void take_acts(ReviewRecord& record) {
    record.acts.take_each([&](const RecordedAct& each) {
      const Index who = each.identity == kNone ? kNone : persons_of_record_[each.identity];
      if (who == kNone || history_.is_bot[who]) return;
      Act act{each.at, each.kind, who, kNone, kNone, each.amount};
      if (each.kind == ActKind::commit || each.kind == ActKind::lines) {
        act.file = file_of(static_cast<Index>(each.on));
      } else if (const auto found = history_.pull_index.find(each.on); found != history_.pull_index.end()) {
        act.pull = found->second;
      } else if (each.kind == ActKind::review || each.kind == ActKind::inline_comment ||
                 each.kind == ActKind::comment || each.kind == ActKind::issue) {
        act.kind = ActKind::issue;
        act.file = issue_of(each.on);
      }
      history_.acts.push_back(act);
    });
    history_.acts.close();
  }

  // The forge notes a reference where it points to, at the moment it was written: so
  // the text as it was opened speaks, not what it was edited to.
  void take_links(const ReviewRecord& record) {
    std::unordered_map<std::int64_t, Index> by_number;
    for (Index i = 0; i < history_.pulls.size(); ++i) by_number[history_.pulls[i].number] = i;
    for (const auto& link : record.links) {
      const auto found = by_number.find(link.from_number);
      if (found == by_number.end()) continue;
      Pull& pull = history_.pulls[found->second];
      if (link.at < pull.opened_at || link.at > pull.opened_at + kOpening) continue;
      const auto target = history_.pull_index.find(link.to_item);
      const bool is_pull = target != history_.pull_index.end();
      pull.links.push_back({is_pull, is_pull ? target->second : issue_of(link.to_item)});
    }
  }

  // Indices for those whom CODEOWNERS names.
  void load_owners() {
    history_.codeowners = Codeowners::load(context_);
    for (const CodeownersRule& rule : history_.codeowners.rules())
      for (const std::string& owner : rule.owners) {
        if (!owner.starts_with('@')) continue;
        const std::string login = to_lower(owner.substr(1));
        if (const auto found = history_.people.by_login.find(login); found != history_.people.by_login.end())
          history_.owners_[owner] = person_of(found->second);
      }
  }

  const Context& context_;
  ReviewHistory& history_;
  std::unordered_map<std::int64_t, Index> persons_, issues_;
  std::unordered_map<std::string, Index> keys_, words_;
  std::vector<Index> persons_of_record_, files_of_record_;
  const std::vector<std::string>* paths_ = nullptr;
};

// Of a person on a pull request, or in a file or an issue, or neither.
void ActCoder::pack(Packer& packer, const Act& act) {
  packer.signed_whole(act.at - last);
  last = act.at;
  packer.whole(static_cast<std::uint64_t>(act.kind));
  packer.whole(act.person);
  packer.whole(act.pull != kNone   ? 2 * std::uint64_t{act.pull} + 2
               : act.file != kNone ? 2 * std::uint64_t{act.file} + 1
                                   : 0);
  if (act.kind == ActKind::commit || act.kind == ActKind::lines) packer.number(static_cast<double>(act.amount));
}

Act ActCoder::unpack(Unpacker& unpacker) {
  Act act;
  act.at = last += unpacker.signed_whole();
  act.kind = static_cast<ActKind>(unpacker.whole());
  act.person = static_cast<Index>(unpacker.whole());
  if (const std::uint64_t on = unpacker.whole(); on % 2 == 1)
    act.file = static_cast<Index>(on / 2);
  else if (on > 0)
    act.pull = static_cast<Index>(on / 2 - 1);
  if (act.kind == ActKind::commit || act.kind == ActKind::lines) act.amount = static_cast<float>(unpacker.number());
  return act;
}

ReviewHistory::ReviewHistory(const Context& context, People known) : people(std::move(known)) {
  HistoryLoader(context, *this).load();
}

const std::string& ReviewHistory::name(Index person) const {
  static const std::string someone = "someone";
  return person < names_.size() ? names_[person] : someone;
}

std::vector<Index> ReviewHistory::owners_of(const std::string& path) const {
  std::vector<Index> owners;
  for (const CodeownersRule* rule : codeowners.of(path))
    for (const std::string& owner : rule->owners)
      if (const auto found = owners_.find(owner);
          found != owners_.end() && std::find(owners.begin(), owners.end(), found->second) == owners.end())
        owners.push_back(found->second);
  return owners;
}

}  // namespace resident::reviewers

#include <fmt/format.h>

#include <algorithm>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <set>
#include <sources/surveys/questions.hpp>
#include <unordered_map>

namespace resident::surveys {

namespace {

constexpr std::size_t kMostOptions = 24;  // of a choice that no codebook names
constexpr double kSharedBy = 3;           // people an option, where answers are split by a guess

// Scales in wide use, from one end to the other.
const std::vector<std::vector<std::string_view>> kScales{
    {"strongly disagree", "disagree", "somewhat disagree", "slightly disagree", "neither agree nor disagree", "neutral",
     "undecided", "slightly agree", "somewhat agree", "agree", "strongly agree"},
    {"never", "rarely", "seldom", "occasionally", "sometimes", "often", "usually", "very often", "always"},
    {"very dissatisfied", "extremely dissatisfied", "dissatisfied", "somewhat dissatisfied",
     "neither satisfied nor dissatisfied", "neutral", "somewhat satisfied", "satisfied", "very satisfied",
     "extremely satisfied"},
    {"not at all", "a little", "slightly", "somewhat", "moderately", "very", "very much", "extremely"},
    {"very poor", "poor", "fair", "average", "good", "very good", "excellent"},
    {"not at all important", "not important", "slightly important", "moderately important", "important",
     "very important", "extremely important"},
    {"very difficult", "difficult", "neutral", "easy", "very easy"},
    {"very unlikely", "unlikely", "neutral", "likely", "very likely"}};

bool is_ticked(const std::string& answer) {
  const std::string lower = to_lower(answer);
  return lower == "y" || lower == "yes" || lower == "1" || lower == "true" || lower == "checked";
}
bool is_unticked(const std::string& answer) {
  const std::string lower = to_lower(answer);
  return lower.empty() || lower == "n" || lower == "no" || lower == "0" || lower == "false" || lower == "n/a" ||
         lower == "not selected" || lower == "unchecked";
}

std::vector<std::string> different(const std::vector<std::string>& answers) {
  std::vector<std::string> result;
  std::set<std::string> seen;
  for (const std::string& answer : answers)
    if (!answer.empty() && seen.insert(answer).second) result.push_back(answer);
  return result;
}

std::int64_t given(const std::vector<std::string>& answers) {
  return std::count_if(answers.begin(), answers.end(), [](const std::string& answer) { return !answer.empty(); });
}

// In the order of a scale that holds them all, or of numbers up to 10; nothing where there is none.
std::optional<std::vector<std::string>> in_order(std::vector<std::string> options) {
  if (options.size() < 2) return std::nullopt;
  for (const auto& scale : kScales) {
    const auto rank = [&](const std::string& option) {
      return std::find(scale.begin(), scale.end(), to_lower(option)) - scale.begin();
    };
    const auto end = static_cast<std::ptrdiff_t>(scale.size());
    if (!std::all_of(options.begin(), options.end(), [&](const std::string& option) { return rank(option) < end; }))
      continue;
    std::sort(options.begin(), options.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return options;
  }
  const bool are_levels = options.size() >= 3 && options.size() <= 11 &&
                          std::all_of(options.begin(), options.end(), [](const std::string& option) {
                            const auto number = table_number(option);
                            return number && *number >= 0 && *number <= 10 && *number == static_cast<int>(*number);
                          });
  if (!are_levels) return std::nullopt;
  std::sort(options.begin(), options.end(),
            [](const auto& a, const auto& b) { return *table_number(a) < *table_number(b); });
  return options;
}

// What one cell holds of several answers. Options that are known may have the separator in them: the longest first.
std::vector<std::string> split_answers(std::string_view cell, const std::vector<std::string>& options) {
  std::vector<std::string> result;
  const char separator = cell.find(';') != std::string_view::npos ? ';' : ',';
  while (!cell.empty()) {
    cell = trim(cell);
    std::string_view best;
    for (const std::string& option : options)
      if (option.size() > best.size() && cell.starts_with(option) &&
          (cell.size() == option.size() || trim(cell.substr(option.size())).starts_with(separator)))
        best = option;
    std::size_t end = best.empty() ? cell.find(separator) : best.size() + cell.substr(best.size()).find(separator);
    if (!best.empty() && cell.substr(best.size()).find(separator) == std::string_view::npos)
      end = std::string_view::npos;
    if (const std::string_view part = trim(cell.substr(0, end)); !part.empty()) result.emplace_back(part);
    if (end == std::string_view::npos) break;
    cell.remove_prefix(end + 1);
  }
  return result;
}

bool looks_multiple(const std::vector<std::string>& answers) {
  std::unordered_map<std::string, std::int64_t> counts;
  std::int64_t several = 0, parts = 0;
  for (const std::string& answer : answers) {
    const std::vector<std::string> split = split_answers(answer, {});
    several += split.size() > 1;
    for (const std::string& part : split) ++counts[part], ++parts;
  }
  return several > 0 && counts.size() <= kMostOptions && different(answers).size() > counts.size() / 2 &&
         static_cast<double>(parts) >= kSharedBy * static_cast<double>(counts.size());
}

class Reader {
 public:
  Reader(const Sheet& sheet, const Codebook& codebook) : sheet_(sheet), codebook_(codebook) {}

  std::vector<Question> read() {
    std::vector<std::string> stems;
    std::map<std::string, std::vector<const SheetColumn*>> parts_of;  // by stem
    for (const SheetColumn& column : sheet_.columns) {
      stems.push_back(stem_of(column));
      if (!stems.back().empty() && !is_remark(column)) parts_of[stems.back()].push_back(&column);
    }
    std::set<std::string> done;
    for (std::size_t i = 0; i < sheet_.columns.size(); ++i) {
      const SheetColumn& column = sheet_.columns[i];
      const std::string& stem = stems[i];
      if (!stem.empty() && done.contains(stem)) continue;
      if (const auto& parts = parts_of[stem]; parts.size() > 1 && are_ticks(stem, parts)) {
        done.insert(stem);
        questions_.push_back(ticked(stem, parts));
        continue;
      }
      questions_.push_back(alone(column));
    }
    std::erase_if(questions_, [](const Question& question) { return question.kind == Kind::ignored; });
    return std::move(questions_);
  }

 private:
  // What columns of one question share: LimeSurvey's and a grid's code, in Qualtrics "Q3" of "Q3_1".
  std::string stem_of(const SheetColumn& column) const {
    if (!column.part.empty()) return column.code;
    static const Pattern numbered(R"(^(.+)_\d+$)");
    std::string stem;
    return sheet_.form == Form::qualtrics && numbered.found_in(column.code, &stem) ? stem : std::string();
  }
  static bool is_remark(const SheetColumn& column) {
    static const Pattern remark(R"(comment$|_TEXT$)");
    return remark.found_in(column.part.empty() ? column.code : column.part);
  }
  static bool is_other(const SheetColumn& column) { return to_lower(column.part) == "other"; }

  QuestionRule rule_of(const std::string& code) const {
    const auto found = codebook_.questions.find(code);
    return found == codebook_.questions.end() ? QuestionRule() : found->second;
  }

  bool are_ticks(const std::string& stem, const std::vector<const SheetColumn*>& parts) const {
    if (const Kind kind = rule_of(stem).kind; kind != Kind::unknown) return kind == Kind::multiple;
    if (sheet_.form == Form::google_forms) return false;  // a grid: each row is a question
    return std::all_of(parts.begin(), parts.end(), [&](const SheetColumn* part) {
      if (is_other(*part)) return true;
      if (rule_of(fmt::format("{}[{}]", part->code, part->part)).kind != Kind::unknown) return false;
      const bool are_marks = std::all_of(part->answers.begin(), part->answers.end(), [](const std::string& answer) {
        return is_ticked(answer) || is_unticked(answer);
      });
      return are_marks || (sheet_.form == Form::qualtrics && different(part->answers).size() <= 1);
    });
  }

  Question ticked(const std::string& stem, const std::vector<const SheetColumn*>& parts) const {
    const QuestionRule rule = rule_of(stem);
    Question question = blank(stem, rule.title.empty() ? shared_title(*parts.front()) : rule.title, Kind::multiple);
    for (const SheetColumn* part : parts) {
      const std::string key = part->part.empty() ? part->code : part->part;
      const auto label = rule.labels.find(key);
      question.options.push_back(label != rule.labels.end() ? label->second
                                 : is_other(*part)          ? "other"
                                                            : own_title(*part));
      for (std::size_t row = 0; row < part->answers.size(); ++row) {
        const std::string& answer = part->answers[row];
        if (!answer.empty()) question.answered[row] = true;
        const bool is_chosen =
            is_ticked(answer) || ((sheet_.form == Form::qualtrics || is_other(*part)) && !is_unticked(answer));
        if (is_chosen) question.chosen[row].push_back(question.options.size() - 1);
      }
    }
    return question;
  }

  // "Which systems? - Selected Choice - Linux" (Qualtrics), "Which systems? [Linux]" (LimeSurvey).
  static std::string own_title(const SheetColumn& part) {
    static const Pattern bracketed(R"(\[([^\[\]]+)\]\s*$)"), dashed(R"( - ([^-]+)$)");
    std::string own;
    if (bracketed.found_in(part.text, &own) || dashed.found_in(part.text, &own)) return own;
    return part.part.empty() ? part.code : part.part;
  }
  static std::string shared_title(const SheetColumn& part) {
    std::string title = part.text;
    for (const std::string_view end : {" - Selected Choice", " ["})
      if (const auto at = title.rfind(end); at != std::string::npos) title.resize(at);
    if (const auto at = title.rfind(" - "); at != std::string::npos && part.part.empty()) title.resize(at);
    return title;
  }

  Question blank(const std::string& code, const std::string& title, Kind kind) const {
    Question question;
    question.code = code;
    question.title = one_line(title);
    question.kind = kind;
    question.answered.resize(sheet_.responses);
    question.chosen.resize(sheet_.responses);
    return question;
  }

  Question alone(const SheetColumn& column) const {
    const std::string code = column.part.empty() ? column.code : fmt::format("{}[{}]", column.code, column.part);
    QuestionRule rule = rule_of(code);
    const QuestionRule whole = rule_of(column.code);
    if (rule.kind == Kind::unknown && whole.kind != Kind::unknown && whole.kind != Kind::multiple) {
      rule.kind = whole.kind;
      if (rule.options.empty()) rule.options = whole.options;
      if (rule.labels.empty()) rule.labels = whole.labels;
    }
    std::vector<std::string> answers = column.answers;
    for (std::string& answer : answers)
      if (const auto label = rule.labels.find(answer); label != rule.labels.end()) answer = label->second;
    const Kind kind = rule.kind != Kind::unknown ? rule.kind : is_remark(column) ? Kind::ignored : guess(answers);
    Question question = blank(code, rule.title.empty() ? column.text : rule.title, kind);
    for (std::size_t row = 0; row < answers.size(); ++row) question.answered[row] = !answers[row].empty();
    if (kind == Kind::text) question.texts = std::move(answers);
    if (kind == Kind::number)
      for (std::size_t row = 0; row < answers.size(); ++row) {
        question.numbers.push_back(table_number(answers[row]));
        question.answered[row] = question.numbers.back().has_value();
      }
    if (question.is_choice()) choose(question, rule.options, answers);
    return question;
  }

  static void choose(Question& question, const std::vector<std::string>& known,
                     const std::vector<std::string>& answers) {
    question.options = known;
    if (known.empty()) {
      if (question.kind != Kind::multiple) question.options = different(answers);
      if (const auto order = in_order(question.options)) question.options = *order;
    }
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < question.options.size(); ++i) index.emplace(to_lower(question.options[i]), i);
    for (std::size_t row = 0; row < answers.size(); ++row) {
      std::set<std::size_t> chosen;
      const std::vector<std::string> parts = answers[row].empty()              ? std::vector<std::string>()
                                             : question.kind == Kind::multiple ? split_answers(answers[row], known)
                                                                               : std::vector<std::string>{answers[row]};
      for (const std::string& part : parts) {
        const auto [found, is_new] = index.emplace(to_lower(part), question.options.size());
        if (is_new) question.options.push_back(part);
        chosen.insert(found->second);
      }
      question.chosen[row].assign(chosen.begin(), chosen.end());
    }
  }

  static Kind guess(const std::vector<std::string>& answers) {
    const std::vector<std::string> options = different(answers);
    if (options.empty()) return Kind::ignored;
    if (in_order(options)) return Kind::likert;
    if (std::all_of(options.begin(), options.end(),
                    [](const std::string& option) { return table_number(option).has_value(); }))
      return Kind::number;
    const bool is_choice = options.size() <= kMostOptions &&
                           static_cast<double>(given(answers)) >= kSharedBy * static_cast<double>(options.size());
    if (looks_multiple(answers)) return Kind::multiple;
    return is_choice ? Kind::single : Kind::text;
  }

  const Sheet& sheet_;
  const Codebook& codebook_;
  std::vector<Question> questions_;
};

}  // namespace

std::vector<Question> questions_of(const Sheet& sheet, const Codebook& codebook) {
  std::vector<Question> questions = Reader(sheet, codebook).read();
  std::vector<std::string> codes;
  for (const Question& question : questions) codes.push_back(question.code);
  const auto need = [&](const std::string& code) {
    if (code.empty() || find_question(questions, code)) return;
    const bool is_hidden = asks_who(code);
    const std::string nearest = near_miss(code, codes);
    throw Error(ErrorKind::usage,
                fmt::format("{}: there is no question {} in the answers", one_line(codebook.origin), one_line(code)),
                is_hidden         ? "columns that tell who answered are never used"
                : nearest.empty() ? "codes are the headings of the file"
                                  : fmt::format("did you mean {}?", nearest));
  };
  for (const std::string& code : {codebook.consent, codebook.stratum, codebook.module}) need(code);
  for (const auto& [code, people] : codebook.margins) need(code);
  return questions;
}

const Question* find_question(const std::vector<Question>& questions, const std::string& code) {
  for (const Question& question : questions)
    if (question.code == code) return &question;
  return nullptr;
}

}  // namespace resident::surveys

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/survey/own_words.hpp>
#include <cli/survey/tables.hpp>
#include <cmath>
#include <map>
#include <model/experts.hpp>
#include <numeric>
#include <set>
#include <stats/quantile.hpp>
#include <stats/raking.hpp>
#include <stats/suppression.hpp>
#include <text/tokens.hpp>

namespace resident {

namespace {

using surveys::Kind;
using surveys::Question;

constexpr std::size_t kMostWords = 15, kLongestQuotation = 240, kShortestQuotation = 20;
constexpr std::size_t kLeastNumbers = 10;
constexpr std::string_view kHidden = "hidden";
constexpr std::string_view kHiding =
    "Numbers below five, and others from which these could be computed by subtraction, are hidden (0 is small, too: it "
    "tells of everybody). What fewer than five wrote of their own accord stands together as \"other answers\".";

Result blank(const Survey& survey, std::string name, std::string title, std::string question) {
  Result result;
  result.name = std::move(name);
  result.title = std::move(title);
  result.question = std::move(question);
  result.sample_size = static_cast<std::int64_t>(survey.sheet.responses);
  result.coverage = fmt::format(
      "{}: {}, {} left out as not finished, {} as previews or tests, {} of another width; columns that tell who "
      "answered are never used ({} here)",
      name_of(survey.sheet.form), plural(static_cast<long long>(survey.sheet.responses), "response"),
      survey.sheet.unfinished, survey.sheet.previews, survey.sheet.set_aside, survey.sheet.private_columns);
  return result;
}

// Shown to the whole per cent and to fives where answers are weighted: exact shares beside exact counts would tell how
// many of each stratum gave an answer.
double shown_share(double share, bool is_weighted) {
  return is_weighted ? std::round(100 * share) / 100 : share;
}
std::int64_t shown_count(std::int64_t count, bool is_weighted) {
  return is_weighted ? (count + 2) / 5 * 5 : count;
}

std::vector<std::int64_t> counts_of(const Question& question, const std::vector<double>& weights) {
  std::vector<std::int64_t> counts(question.options.size());
  for (std::size_t row = 0; row < question.chosen.size(); ++row)
    if (weights[row] > 0)
      for (const std::size_t option : question.chosen[row]) ++counts[option];
  return counts;
}

struct Answers {
  std::int64_t n = 0;
  double weight = 0, effective = 0;
  std::vector<std::int64_t> counts;
  std::vector<double> weighted;
  std::vector<bool> hidden;
};

Answers answers_of(const Question& question, const std::vector<double>& weights) {
  Answers answers;
  std::vector<double> theirs;
  answers.counts = counts_of(question, weights);
  answers.weighted.resize(question.options.size());
  for (std::size_t row = 0; row < question.answered.size(); ++row) {
    if (!question.answered[row] || weights[row] <= 0) continue;
    ++answers.n;
    answers.weight += weights[row];
    theirs.push_back(weights[row]);
    for (const std::size_t option : question.chosen[row]) answers.weighted[option] += weights[row];
  }
  answers.effective = stats::effective_size(theirs);
  if (question.kind == Kind::multiple)
    for (const std::int64_t count : answers.counts) answers.hidden.push_back(stats::is_hidden_choice(count, answers.n));
  else
    answers.hidden = stats::hidden_cells(answers.counts);
  if (answers.n < stats::kLeastCell) answers.hidden.assign(answers.counts.size(), true);
  return answers;
}

bool consents(const Survey& survey, std::size_t row) {
  if (survey.codebook.consent.empty()) return false;
  const Question& question = *surveys::find_question(survey.questions, survey.codebook.consent);
  const auto is_yes = [&](const std::string& answer) {
    return std::any_of(survey.codebook.consent_answers.begin(), survey.codebook.consent_answers.end(),
                       [&](const std::string& yes) { return to_lower(yes) == to_lower(answer); });
  };
  if (question.kind == Kind::text) return is_yes(question.texts[row]);
  return std::any_of(question.chosen[row].begin(), question.chosen[row].end(),
                     [&](std::size_t option) { return is_yes(question.options[option]); });
}

struct Word {
  std::int64_t people = 0;
  std::string spelled;  // as most often
  std::map<std::string, std::int64_t> spellings;
  std::string quotation;
};

void add_words(const Survey& survey, const Question& question, Result& result) {
  std::map<std::string, Word> words;
  std::int64_t n = 0;
  for (std::size_t row = 0; row < question.texts.size(); ++row) {
    if (question.texts[row].empty()) continue;
    const std::string text = veiled(question.texts[row]);
    ++n;
    const bool may_quote =
        consents(survey, row) && text.size() >= kShortestQuotation && text.size() <= kLongestQuotation;
    std::set<std::string> seen;
    for (const WordPlace& place : word_places(text)) {
      const std::string lower = to_lower(std::string_view(text).substr(place.begin, place.end - place.begin));
      if (lower.size() < 3 || is_stop_word(lower)) continue;
      const std::string stem = word_stem(lower);
      if (!seen.insert(stem).second) continue;
      Word& word = words[stem];
      ++word.people;
      ++word.spellings[lower];
      if (may_quote && (word.quotation.empty() || text.size() < word.quotation.size())) word.quotation = text;
    }
  }
  std::vector<const Word*> order;
  for (auto& [stem, word] : words) {
    if (stats::is_hidden_choice(word.people, n)) continue;
    word.spelled = std::max_element(word.spellings.begin(), word.spellings.end(), [](const auto& a, const auto& b) {
                     return a.second < b.second;
                   })->first;
    order.push_back(&word);
  }
  std::stable_sort(order.begin(), order.end(), [](const Word* a, const Word* b) { return a->people > b->people; });
  if (order.size() > kMostWords) order.resize(kMostWords);
  for (const Word* word : order)
    result.rows.push_back({question.code, question.title, word->spelled, word->people,
                           static_cast<double>(word->people) / static_cast<double>(n), n, word->quotation});
}

// One question's answers by another's: counted, hidden where they must be, and put into rows.
class Crossing {
 public:
  Crossing(const Question& division, Result& result) : division_(division), groups_(division.options), result_(result) {
    // Who did not say stands in a column, too: or they would be what is missing from the question's own total.
    if (std::find(division.answered.begin(), division.answered.end(), false) != division.answered.end())
      groups_.emplace_back("not said");
  }

  void add(const Question& question) {
    count(question);
    if (n_ < stats::kLeastCell) return;
    hide(question.kind == Kind::multiple);
    for (std::size_t option = 0; option < counts_.size(); ++option) {
      const stats::HiddenTable& table = question.kind == Kind::multiple ? tables_[option] : tables_.front();
      const std::size_t row = question.kind == Kind::multiple ? 0 : option;
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < groups_.size(); ++i) {
        sum += counts_[option][i];
        hidden_ += table.cells[row][i];
        std::optional<std::int64_t> all;
        if (!table.columns[i]) all = all_[i];
        add_row(question, option, groups_[i], counts_[option][i], table.cells[row][i], all);
      }
      add_row(question, option, "all", sum, table.rows[row], n_);
    }
  }
  std::int64_t hidden() const { return hidden_; }

 private:
  void count(const Question& question) {
    counts_.assign(question.options.size(), std::vector<std::int64_t>(groups_.size()));
    all_.assign(groups_.size(), 0);
    n_ = 0;
    for (std::size_t row = 0; row < question.chosen.size(); ++row) {
      if (!question.answered[row]) continue;
      const std::size_t group = division_.chosen[row].size() == 1 ? division_.chosen[row].front() : groups_.size() - 1;
      ++all_[group], ++n_;
      for (const std::size_t option : question.chosen[row]) ++counts_[option][group];
    }
  }

  // A choice of one is one table; of several, each option is one of its own: chose it, or not.
  void hide(bool is_multiple) {
    tables_.clear();
    if (!is_multiple) {
      tables_.push_back(stats::hidden_table(counts_));
      return;
    }
    for (const auto& option : counts_) {
      std::vector<std::int64_t> others;
      for (std::size_t i = 0; i < groups_.size(); ++i) others.push_back(all_[i] - option[i]);
      tables_.push_back(stats::hidden_table({option, others}));
    }
    for (std::size_t i = 0; i < groups_.size(); ++i) {  // who answered is the same for all of them
      const bool is_hidden =
          std::any_of(tables_.begin(), tables_.end(), [&](const auto& table) { return table.columns[i]; });
      for (auto& table : tables_) table.columns[i] = is_hidden;
    }
  }

  void add_row(const Question& question, std::size_t option, const std::string& who, std::int64_t count, bool is_hidden,
               std::optional<std::int64_t> n) {
    std::vector<Cell> row{question.code,
                          question.title,
                          question.options[option],
                          who,
                          Cell(),
                          Cell(),
                          Cell(),
                          Cell(),
                          Cell(),
                          std::string(is_hidden ? kHidden : "")};
    if (!is_hidden) row[4] = count;
    if (n) row[5] = *n;
    if (!is_hidden && n && *n > 0) {
      const auto interval = stats::wilson_interval(count, *n);
      row[6] = static_cast<double>(count) / static_cast<double>(*n);
      row[7] = interval->low;
      row[8] = interval->high;
    }
    result_.rows.push_back(std::move(row));
  }

  const Question& division_;
  std::vector<std::string> groups_;
  Result& result_;
  std::vector<std::vector<std::int64_t>> counts_;  // by option and group
  std::vector<std::int64_t> all_;                  // who answered, by group
  std::int64_t n_ = 0, hidden_ = 0;
  std::vector<stats::HiddenTable> tables_;
};

}  // namespace

Result survey_result(const Survey& survey) {
  const SurveyWeights& weights = survey.weights;
  Result result = blank(survey, "survey", "Who answered", "For whom do the answers speak?");
  result.columns = {
      {"stratum", "Layer"},
      {"population", "People", ColumnType::integer, "people", "in the store, at the end of the last month"},
      {"respondents", "Answered", ColumnType::integer, "people"},
      {"rate", "Rate", ColumnType::share, "", "of the people of this layer, if all who answered were of them"},
      {"weight", "Weight", ColumnType::number, "", "of one answer, 1 on average"},
      {"commits", "Commits", ColumnType::number, "", "a person, in the year before: of all people of this layer"},
      {"reviews", "Reviews", ColumnType::number, "", "a person, in the year before"},
      {"comments", "Comments", ColumnType::number, "", "a person, in the year before"},
      {"items", "Opened", ColumnType::number, "", "issues and pull requests a person, in the year before"}};
  for (const Stratum& each : weights.strata)
    result.rows.push_back({each.name, each.population, each.respondents,
                           static_cast<double>(each.respondents) / static_cast<double>(each.population), each.weight,
                           each.commits, each.reviews, each.comments, each.items});
  result.claim = fmt::format("{} to {}", plural(static_cast<long long>(survey.sheet.responses), "response"),
                             plural(static_cast<long long>(survey.questions.size()), "question"));
  result.claim += weights.is_weighted
                      ? fmt::format("; weighted, they are as sure as {:.0f} of equal weight (design effect {:.2f}).",
                                    weights.effective_size, weights.design_effect)
                      : "; not weighted: they speak for those who answered.";
  result.definition =
      "Weights: raking (W. E. Deming and F. F. Stephan, 1940) to the layers of the onion (`resident layers`) and the "
      "codebook's margins; layers with fewer than five answers are put together with the next. Design effect: L. Kish, "
      "Survey Sampling (1965), section 11.7.";
  result.method =
      "the answer to the codebook's stratum question against the store's count of people; names are on neither side";
  result.uncertainty = "Weights mend who answered, by how active they are; not why others kept silent.";
  result.notes = weights.notes;
  for (const Stratum& each : weights.strata)
    if (each.respondents > each.population)
      result.notes.push_back(fmt::format(
          "More answered as {} than the store has of them: the survey reached people whom it does not know, or "
          "they see themselves otherwise than it does.",
          each.name));
  if (weights.left_out > 0)
    result.notes.push_back(fmt::format("{} left out of weighted shares: they did not say how active they are.",
                                       plural(weights.left_out, "response is", "responses are")));
  return result;
}

Result answers_result(const Survey& survey, const std::string& wanted) {
  const bool is_weighted = survey.weights.is_weighted;
  Result result = blank(survey, "survey_answers", "Answers", "What was answered?");
  result.columns = {{"question", "Question"},
                    {"title", "Text"},
                    {"kind", "Kind"},
                    {"option", "Answer"},
                    {"share", "Share", ColumnType::share, "",
                     is_weighted ? "weighted, to the whole per cent" : "of those who answered the question"},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"},
                    {"count", is_weighted ? "About" : "Answers", ColumnType::integer, "people",
                     is_weighted ? "to the next five" : ""},
                    {"n", "Of", ColumnType::integer, "people", "who answered the question"},
                    {"note", "Note"}};
  std::int64_t shown = 0, hidden = 0;
  for (const Question& question : survey.questions) {
    if (!question.is_choice() || (!wanted.empty() && question.code != wanted)) continue;
    ++shown;
    const Answers answers = answers_of(question, survey.weights.weights);
    for (std::size_t i = 0; i < question.options.size(); ++i) {
      std::vector<Cell> row{question.code,
                            question.title,
                            std::string(name_of(question.kind)),
                            question.options[i],
                            Cell(),
                            Cell(),
                            Cell(),
                            Cell(),
                            answers.n,
                            std::string()};
      if (answers.hidden[i]) {
        ++hidden;
        row[9] = std::string(kHidden);
      } else {
        const double share = answers.weighted[i] / answers.weight;
        const stats::Interval interval = stats::weighted_share_interval(share, answers.effective);
        row[4] = shown_share(share, is_weighted);
        row[5] = shown_share(interval.low, is_weighted);
        row[6] = shown_share(interval.high, is_weighted);
        row[7] = shown_count(answers.counts[i], is_weighted);
      }
      result.rows.push_back(std::move(row));
    }
  }
  if (!wanted.empty() && shown == 0)
    throw Error(ErrorKind::usage, fmt::format("there is no question {} with answers to choose from", one_line(wanted)),
                "codes are in the first column of `resident survey FILE`");
  result.chart = {Chart::Kind::bar, "option", {"share"}, "", "low", "high", "share of those who answered"};
  if (wanted.empty()) result.chart = {};
  result.claim =
      shown == 0
          ? "No question has answers to choose from."
          : fmt::format("{} with answers to choose from; {} hidden, since they would tell of fewer than five people.",
                        plural(shown, "question"), plural(hidden, "answer is", "answers are"));
  result.definition =
      "Share of those who answered the question; several answers may be given to a question of kind 'multiple'. " +
      std::string(kHiding);
  result.method = is_weighted ? "weights by raking; Wilson's interval with Kish's effective size in the place of n"
                              : "plain shares; intervals by E. B. Wilson (1927)";
  result.uncertainty =
      "95 % intervals; they take those who answered for a random sample of each stratum, which nobody knows.";
  return result;
}

Result by_result(const Survey& survey, const std::string& by) {
  const Question* division = surveys::find_question(survey.questions, by);
  if (!division || !division->is_choice() || division->kind == Kind::multiple)
    throw Error(ErrorKind::usage,
                fmt::format("--by needs a question with one answer of a few; {} is none", one_line(by)),
                "codes are in the first column of `resident survey FILE`");
  Result result = blank(survey, "survey_by", "By " + division->title, "Who answered what?");
  result.columns = {{"question", "Question"},
                    {"title", "Text"},
                    {"option", "Answer"},
                    {"by", "Who"},
                    {"count", "Answers", ColumnType::integer, "people"},
                    {"n", "Of", ColumnType::integer, "people"},
                    {"share", "Share", ColumnType::share, "", "not weighted"},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"},
                    {"note", "Note"}};
  Crossing crossing(*division, result);
  for (const Question& question : survey.questions)
    if (question.is_choice() && &question != division) crossing.add(question);
  result.claim = result.rows.empty()
                     ? "No other question has answers to choose from."
                     : fmt::format("Answers by {}; {} of {} are hidden.", one_line(division->title), crossing.hidden(),
                                   plural(static_cast<long long>(result.rows.size()), "number"));
  result.definition = "Counts of those who answered the question, not weighted. " + std::string(kHiding) +
                      " Publish this table or the weighted shares, not both: together they say more than either.";
  result.method = "cells are hidden until no small one can be computed from rows, columns and totals";
  result.uncertainty = "95 % intervals by E. B. Wilson (1927), of those who answered.";
  return result;
}

Result numbers_result(const Survey& survey) {
  Result result = blank(survey, "survey_numbers", "Numbers", "How much was said?");
  result.columns = {{"question", "Question"},
                    {"title", "Text"},
                    {"median", "Median", ColumnType::number},
                    {"low", "Low", ColumnType::number, "", "95 %"},
                    {"high", "High", ColumnType::number, "", "95 %"},
                    {"n", "Of", ColumnType::integer, "people"}};
  for (const Question& question : survey.questions) {
    if (question.kind != Kind::number) continue;
    std::vector<double> numbers;
    for (const auto& number : question.numbers)
      if (number) numbers.push_back(*number);
    if (numbers.size() < kLeastNumbers) continue;
    const auto n = static_cast<std::int64_t>(numbers.size());
    const auto interval = stats::median_interval(numbers);
    if (!interval) continue;
    result.rows.push_back(
        {question.code, question.title, stats::quantile(numbers, 0.5).value_or(0), interval->low, interval->high, n});
  }
  result.claim = result.rows.empty() ? "No question was answered in numbers by ten people or more."
                                     : fmt::format("{} in numbers, of ten people or more.",
                                                   plural(static_cast<long long>(result.rows.size()), "question"));
  result.definition =
      "The middle answer, not weighted, with an interval between two answers (W. J. Conover, 1999, section 3.2).";
  result.method = "medians alone: a mean and a count would tell the last answer to whoever knows the others";
  return result;
}

Result words_result(const Survey& survey) {
  Result result = blank(survey, "survey_words", "In their own words", "Of what do free answers speak?");
  result.columns = {{"question", "Question"},
                    {"title", "Text"},
                    {"word", "Word"},
                    {"people", "Answers", ColumnType::integer, "people"},
                    {"share", "Share", ColumnType::share},
                    {"n", "Of", ColumnType::integer, "people"},
                    {"quotation", "One of them", ColumnType::text, "", "only of people who allowed it"}};
  std::int64_t questions = 0;
  for (const Question& question : survey.questions) {
    if (question.kind != Kind::text || question.code == survey.codebook.consent) continue;
    ++questions;
    add_words(survey, question, result);
  }
  result.claim =
      questions == 0 ? "No question was answered in free text."
      : result.rows.empty()
          ? fmt::format("{} in free text; no word is shared by five people.", plural(questions, "question"))
          : fmt::format("{} in free text, by the words that five people or more share.", plural(questions, "question"));
  if (survey.codebook.consent.empty() && questions > 0)
    result.notes.push_back("Nothing is quoted: the codebook names no question that allows it (consent).");
  result.definition =
      "Words are counted by person and by stem (Snowball), without the commonest. " + std::string(kHiding);
  result.method =
      "quotations: the shortest answer with the word of somebody who allowed it, without addresses, accounts and links";
  return result;
}

Result modules_result(const Survey& survey, const Context& context) {
  const Question& question = *surveys::find_question(survey.questions, survey.codebook.module);
  Result result =
      blank(survey, "survey_modules", "Modules that were named", "What do respondents use, and how does it stand?");
  result.columns = {{"answer", "Answer"},
                    {"share", "Named by", ColumnType::share, "", "of those who answered the question"},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"},
                    {"module", "Module", ColumnType::text, "", "of the project; empty where none has this name"},
                    {"changes", "Changes, 1 year", ColumnType::integer, "commits"},
                    {"experts", "Active experts", ColumnType::integer, "people", "as `resident modules` counts them"}};
  result.set_roles({{"module", ColumnRole::module}});
  const People people = load_people(context);
  ModuleMap map(context);
  const Presence presence(context, people);
  const auto knowledge = knowledge_by_module(context, people, map, presence);
  const auto files = map.files();
  const auto stands = [&](const std::string& module) {
    const auto found = files.find(module);
    return found != files.end() && found->second > 0;
  };
  const auto find = [&](const std::string& answer) {
    const auto meant = survey.codebook.modules.find(answer);
    const std::string wanted = to_lower(meant == survey.codebook.modules.end() ? answer : meant->second);
    auto best = knowledge.end();
    int found = 0;
    for (auto each = knowledge.begin(); each != knowledge.end(); ++each) {
      if (!stands(each->first)) continue;
      const std::string name = to_lower(each->first);
      if (name == wanted) return each;
      const std::string last = name.substr(name.rfind('/') + 1);
      if (last == wanted) best = each, ++found;
    }
    return found == 1 ? best : knowledge.end();
  };
  const Answers answers = answers_of(question, survey.weights.weights);
  std::int64_t matched = 0;
  // Most named first; what is hidden stands behind, where its place tells nothing.
  std::vector<std::size_t> order(question.options.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto share = [&](std::size_t i) {
      return answers.hidden[i] ? -1.0 : shown_share(answers.weighted[i] / answers.weight, survey.weights.is_weighted);
    };
    return share(a) > share(b);
  });
  for (const std::size_t i : order) {
    std::vector<Cell> row{question.options[i], Cell(), Cell(), Cell(), std::string(), Cell(), Cell()};
    if (!answers.hidden[i]) {
      const double share = answers.weighted[i] / answers.weight;
      const stats::Interval interval = stats::weighted_share_interval(share, answers.effective);
      row[1] = shown_share(share, survey.weights.is_weighted);
      row[2] = shown_share(interval.low, survey.weights.is_weighted);
      row[3] = shown_share(interval.high, survey.weights.is_weighted);
    }
    if (const auto module = find(question.options[i]); module != knowledge.end()) {
      ++matched;
      row[4] = module->first;
      row[5] = module->second.recent_changes;
      row[6] =
          static_cast<std::int64_t>(std::count_if(module->second.experts.begin(), module->second.experts.end(),
                                                  [](const Expert& each) { return each.living && each.score >= 1; }));
    }
    result.rows.push_back(std::move(row));
  }
  result.claim =
      fmt::format("Of {}, {} of the project.", plural(static_cast<long long>(question.options.size()), "answer"),
                  plural(matched, "is a module", "are modules"));
  result.definition =
      "A module is meant where the codebook says so ([modules]), or where its name, or the last part of it, is the "
      "answer and no other's. " +
      std::string(kHiding);
  if (matched < static_cast<std::int64_t>(question.options.size()))
    result.notes.push_back("Answers of other names are joined by the codebook: [modules] \"the answer\" = \"module\".");
  result.method = "answers joined to `resident modules` by name";
  result.sample_size = answers.n;
  return result;
}

}  // namespace resident

#include <algorithm>
#include <base/text.hpp>
#include <cli/survey/own_words.hpp>
#include <set>
#include <stats/suppression.hpp>

namespace resident {

namespace {

// Of a layer, a margin, a module or consent: in lower case.
std::set<std::string> named_by(const surveys::Question& question, const surveys::Codebook& codebook) {
  std::set<std::string> names;
  if (question.code == codebook.stratum)
    for (const auto& [answer, layer] : codebook.strata) names.insert(to_lower(answer));
  if (question.code == codebook.consent)
    for (const std::string& answer : codebook.consent_answers) names.insert(to_lower(answer));
  if (question.code == codebook.module)
    for (const auto& [answer, module] : codebook.modules) names.insert(to_lower(answer));
  if (const auto margin = codebook.margins.find(question.code); margin != codebook.margins.end())
    for (const auto& [answer, people] : margin->second) names.insert(to_lower(answer));
  return names;
}

}  // namespace

std::string veiled(const std::string& text) {
  const std::string line = one_line(text);
  std::string result;
  for (const std::string_view word : split(line, ' ')) {
    const bool tells = word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos;
    result += (result.empty() ? "" : " ") + (tells ? std::string("…") : std::string(word));
  }
  return blank_emails(result);
}

void gather_own_words(surveys::Question& question, const surveys::Codebook& codebook) {
  if (!question.is_choice() || question.asked >= question.options.size()) return;
  std::vector<std::int64_t> people(question.options.size());
  for (const auto& chosen : question.chosen)
    for (const std::size_t option : chosen) ++people[option];
  const std::set<std::string> names = named_by(question, codebook);
  std::vector<std::string> options;
  std::vector<std::size_t> place(question.options.size());
  std::vector<std::size_t> rare;
  for (std::size_t i = 0; i < question.options.size(); ++i) {
    const bool is_own = i >= question.asked && !names.contains(to_lower(question.options[i]));
    if (is_own && people[i] < stats::kLeastCell) {
      rare.push_back(i);
      continue;
    }
    place[i] = options.size();
    options.push_back(is_own ? veiled(question.options[i]) : question.options[i]);
  }
  if (!rare.empty()) {
    for (const std::size_t i : rare) place[i] = options.size();
    options.emplace_back("other answers");
  }
  for (auto& chosen : question.chosen) {
    std::set<std::size_t> moved;
    for (const std::size_t option : chosen) moved.insert(place[option]);
    chosen.assign(moved.begin(), moved.end());
  }
  question.options = std::move(options);
}

}  // namespace resident

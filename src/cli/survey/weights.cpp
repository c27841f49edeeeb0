#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/survey/weights.hpp>
#include <cmath>
#include <map>
#include <model/acts.hpp>
#include <model/careers.hpp>
#include <stats/raking.hpp>
#include <stats/suppression.hpp>

namespace resident {

namespace {

constexpr Timestamp kYear = 365 * kDay;
constexpr Layer kFromInside[] = {Layer::core, Layer::regular, Layer::occasional, Layer::drive_by};

struct Population {
  double people = 0;  // of a margin, perhaps a share
  std::int64_t commits = 0, reviews = 0, comments = 0, items = 0;
  void add(const Population& other) {
    people += other.people;
    commits += other.commits;
    reviews += other.reviews;
    comments += other.comments;
    items += other.items;
  }
};

// Who is in each layer at the end of the last month, and what they did in the year before.
std::map<Layer, Population> population_of(const Context& context) {
  const People people = load_people(context);
  const Careers careers(context, people);
  std::map<Layer, Population> result;
  std::unordered_map<std::int64_t, Layer> layer_of;
  careers.replay([&](int month, const std::vector<LayerStanding>& standings) {
    if (month != careers.last_month()) return;
    for (const LayerStanding& each : standings) {
      layer_of[careers.all()[each.career].person] = each.layer;
      ++result[each.layer].people;
    }
  });
  for (const Act& act : load_acts(context, people, context.as_of - kYear)) {
    const auto found = layer_of.find(act.person);
    if (found == layer_of.end()) continue;
    Population& population = result[found->second];
    population.commits += act.kind == ActKind::commit;
    population.reviews += act.kind == ActKind::review;
    population.comments += act.kind == ActKind::comment || act.kind == ActKind::post;
    population.items += act.kind == ActKind::item;
  }
  return result;
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Division {
  stats::Margin margin;  // category: kNone where the question was not answered
  std::vector<std::string> names;
};

// Categories with few respondents go to their neighbour: they could be told apart, and would weigh too much.
void put_together(Division& division, std::vector<Population>& populations, std::vector<std::int64_t>& counts) {
  for (std::size_t i = 0; i < counts.size() && counts.size() > 1;) {
    if (counts[i] >= stats::kLeastCell) {
      ++i;
      continue;
    }
    const std::size_t into = i + 1 < counts.size() ? i + 1 : i - 1, first = std::min(i, into),
                      second = std::max(i, into);
    division.names[first] += " and " + division.names[second];
    populations[first].add(populations[second]);
    counts[first] += counts[second];
    division.names.erase(division.names.begin() + static_cast<std::ptrdiff_t>(second));
    populations.erase(populations.begin() + static_cast<std::ptrdiff_t>(second));
    counts.erase(counts.begin() + static_cast<std::ptrdiff_t>(second));
    for (std::size_t& category : division.margin.category)
      if (category != kNone && category >= second) --category;
    i = first;
  }
}

std::vector<std::int64_t> counts_of(const Division& division, std::size_t categories) {
  std::vector<std::int64_t> counts(categories);
  for (const std::size_t category : division.margin.category)
    if (category != kNone) ++counts[category];
  return counts;
}

Division by_layers(const Context& context, const surveys::Question& question, const surveys::Codebook& codebook,
                   SurveyWeights& result) {
  const std::map<Layer, Population> all = population_of(context);
  Division division;
  std::vector<Population> populations;
  std::map<std::string, std::size_t> index;
  for (const Layer layer : kFromInside) {
    const auto found = all.find(layer);
    if (found == all.end() || found->second.people == 0) continue;
    index[std::string(name_of(layer))] = populations.size();
    division.names.emplace_back(name_of(layer));
    populations.push_back(found->second);
  }
  for (const auto& chosen : question.chosen) {
    std::size_t category = kNone;
    if (chosen.size() == 1)
      if (const auto layer = codebook.strata.find(question.options[chosen.front()]); layer != codebook.strata.end())
        if (const auto place = index.find(layer->second); place != index.end()) category = place->second;
    division.margin.category.push_back(category);
  }
  std::vector<std::int64_t> counts = counts_of(division, populations.size());
  put_together(division, populations, counts);
  for (std::size_t i = 0; i < populations.size(); ++i) {
    const double people = populations[i].people;
    division.margin.population.push_back(people);
    result.strata.push_back(
        {division.names[i], static_cast<std::int64_t>(people), counts[i], 0,
         static_cast<double>(populations[i].commits) / people, static_cast<double>(populations[i].reviews) / people,
         static_cast<double>(populations[i].comments) / people, static_cast<double>(populations[i].items) / people});
  }
  return division;
}

Division by_answers(const surveys::Question& question, const std::map<std::string, double>& people,
                    SurveyWeights& result) {
  Division division;
  std::vector<Population> populations;
  std::map<std::string, std::size_t> index;
  for (const std::string& option : question.options)
    if (const auto found = people.find(option); found != people.end()) {
      index[option] = populations.size();
      division.names.push_back(option);
      populations.emplace_back();
      populations.back().people = found->second;
    }
  for (const auto& chosen : question.chosen) {
    const auto found = chosen.size() == 1 ? index.find(question.options[chosen.front()]) : index.end();
    division.margin.category.push_back(found == index.end() ? kNone : found->second);
  }
  std::vector<std::int64_t> counts = counts_of(division, populations.size());
  put_together(division, populations, counts);
  for (const Population& each : populations) division.margin.population.push_back(each.people);
  result.notes.push_back(fmt::format("Also weighted to {}, as the codebook has it.", one_line(question.title)));
  return division;
}

std::vector<Division> divisions_of(const Context* context, const std::vector<surveys::Question>& questions,
                                   const surveys::Codebook& codebook, SurveyWeights& result) {
  std::vector<Division> divisions;
  const auto need_choice = [&](const std::string& code) -> const surveys::Question& {
    const surveys::Question& question = *surveys::find_question(questions, code);
    if (!question.is_choice() || question.kind == surveys::Kind::multiple)
      throw Error(
          ErrorKind::usage,
          fmt::format("{}: {} is no question with one answer of a few", one_line(codebook.origin), one_line(code)),
          "weights need one; its kind may be given in the codebook");
    return question;
  };
  if (!codebook.stratum.empty()) {
    const surveys::Question& question = need_choice(codebook.stratum);
    if (!context)
      result.notes.push_back(
          "Not weighted to the layers of the onion: no project was named (--project; --db says in which store).");
    else if (Division division = by_layers(*context, question, codebook, result); !division.names.empty())
      divisions.push_back(std::move(division));
  }
  for (const auto& [code, people] : codebook.margins)
    if (Division division = by_answers(need_choice(code), people, result); !division.names.empty())
      divisions.push_back(std::move(division));
  return divisions;
}

}  // namespace

SurveyWeights survey_weights(const Context* context, const std::vector<surveys::Question>& questions,
                             const surveys::Codebook& codebook, std::size_t responses) {
  SurveyWeights result;
  result.weights.assign(responses, 1);
  result.effective_size = static_cast<double>(responses);
  const std::vector<Division> divisions = divisions_of(context, questions, codebook, result);
  std::vector<std::size_t> complete;
  for (std::size_t row = 0; row < responses; ++row)
    if (std::all_of(divisions.begin(), divisions.end(),
                    [&](const Division& each) { return each.margin.category[row] != kNone; }))
      complete.push_back(row);
  if (divisions.empty() || complete.size() < 2 * static_cast<std::size_t>(stats::kLeastCell)) {
    if (!divisions.empty()) result.notes.push_back("Not weighted: too few said how active they are.");
    result.strata.clear();
    return result;
  }
  std::vector<stats::Margin> margins;
  for (const Division& division : divisions) {
    stats::Margin margin{{}, division.margin.population};
    for (const std::size_t row : complete) margin.category.push_back(division.margin.category[row]);
    margins.push_back(std::move(margin));
  }
  const stats::Raked raked = stats::rake(std::vector<double>(complete.size(), 1), margins);
  double sum = 0;
  for (const double weight : raked.weights) sum += weight;
  if (!std::isfinite(sum) || sum <= 0) {
    result.notes.push_back("Not weighted: the margins leave nobody any weight.");
    result.strata.clear();
    return result;
  }
  result.is_weighted = true;
  result.left_out = static_cast<std::int64_t>(responses - complete.size());
  result.design_effect = stats::design_effect(raked.weights);
  result.effective_size = stats::effective_size(raked.weights);
  std::fill(result.weights.begin(), result.weights.end(), 0);
  for (std::size_t i = 0; i < complete.size(); ++i) {
    result.weights[complete[i]] = raked.weights[i] * static_cast<double>(complete.size()) / sum;
    if (!result.strata.empty()) result.strata[margins.front().category[i]].weight += result.weights[complete[i]];
  }
  for (Stratum& stratum : result.strata)
    if (stratum.respondents > 0) stratum.weight /= static_cast<double>(stratum.respondents);
  if (!raked.converged)
    result.notes.push_back(
        fmt::format("The margins contradict each other: one is off by {:.1f} %.", 100 * raked.worst));
  return result;
}

}  // namespace resident

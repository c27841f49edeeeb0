#include "simulate/truth.hpp"

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "simulate/builders.hpp"
#include "simulate/json_text.hpp"
#include "simulate/plan.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

class TruthWriter {
 public:
  TruthWriter(const People& people, const Calendar& calendar) : people_(people), calendar_(calendar) {
    json_.begin_object();
  }

  JsonText& json() { return json_; }
  void section() { json_.new_line(); }
  void time(const char* key, Timestamp at) { json_.add(key, format_time(at)); }
  void shares(const char* key, const Shares& shares) {
    json_.begin_object(key);
    json_.add("items", shares.items);
    const double items = static_cast<double>(std::max<std::int64_t>(1, shares.items));
    json_.add("with_resident", static_cast<double>(shares.with) / items);
    json_.add("without_resident", static_cast<double>(shares.without) / items);
    json_.end_object();
  }

  void resident(const Truth& truth, const Residency& residency) {
    section();
    json_.begin_object("resident");
    json_.add("login", people_.login(people_.resident_id()));
    time("start", calendar_.resident_start());
    json_.begin_object("hazard_ratios");
    json_.add("pull_response", residency.pull_response);
    json_.add("issue_response", residency.issue_response);
    json_.add("merge_after_approval", residency.merge);
    json_.end_object();
    json_.begin_object("effects");
    shares("pulls_answered_within_7_days", truth.pulls_answered);
    shares("pulls_merged_within_30_days", truth.pulls_merged);
    shares("issues_answered_within_7_days", truth.issues_answered);
    json_.end_object();
    json_.end_object();
  }

  void waiting() {
    section();
    json_.begin_object("waiting");
    json_.add("distribution", "weibull");
    json_.add("shape", Calendar::kWaitShape);
    json_.begin_object("median_days");
    json_.add("pull_response", kPullResponseDays);
    json_.add("review_again", kReviewAgainDays);
    json_.add("issue_response", kIssueResponseDays);
    json_.add("merge_after_approval", kMergeDays);
    json_.end_object();
    json_.begin_object("hazard_factors");
    json_.add("newcomer", kNewcomerFactor);
    json_.add("regular", kRegularFactor);
    json_.add("core", kCoreFactor);
    json_.add("large_pull", kLargeFactor);
    json_.add("feature", kFeatureFactor);
    json_.add("question", kQuestionFactor);
    json_.add("neglected_module", kNeglectedFactor);
    json_.end_object();
    json_.end_object();
  }

  void newcomers(const Truth& truth) {
    section();
    json_.begin_object("newcomers");
    json_.add("count", truth.newcomers);
    json_.add("returned", truth.newcomers_returned);
    json_.begin_object("return_probability");
    json_.add("pull_answered_within_7_days", kReturnAfterSoonAnswer);
    json_.add("pull_answered_later", kReturnAfterLateAnswer);
    json_.add("issue", kReturnAfterIssue);
    json_.add("again_after_that", kReturnAgain);
    json_.end_object();
    json_.end_object();
  }

  void experts() {
    section();
    json_.begin_array("neglected_modules");
    for (const Module& module : modules())
      if (module.neglected) json_.add("", module.name);
    json_.end_array();
    section();
    json_.begin_object("experts");
    for (std::uint8_t module = 0; module < modules().size(); ++module) {
      json_.new_line();
      json_.begin_array(modules()[module].name);
      std::vector<std::pair<double, PersonId>> known;
      for (PersonId person : people_.experts(module)) known.emplace_back(-people_.expertise(person, module), person);
      std::sort(known.begin(), known.end());
      for (const auto& [weight, person] : known) expert(person, -weight);
      json_.end_array();
    }
    json_.end_object();
  }

  void people() {
    section();
    json_.begin_array("core_team");
    for (PersonId id = 0; id < people_.count(); ++id) {
      const Person& person = people_[id];
      if (person.standing < Standing::core || person.joined >= calendar_.end()) continue;
      json_.begin_object();
      json_.add("login", people_.login(id));
      time("since", person.joined);
      if (person.left != 0 && person.left < calendar_.end()) time("until", person.left);
      json_.end_object();
    }
    json_.end_array();
    section();
    json_.begin_array("bots");
    for (PersonId bot : {kBackportBot, kDependencyBot, kLabelBot}) json_.add("", people_.login(bot));
    json_.end_array();
    section();
    json_.begin_array("deleted_accounts");
    for (PersonId id = 0; id < people_.count(); ++id)
      if (people_[id].deleted) json_.add("", people_.login(id));
    json_.end_array();
  }

  void identities(const std::vector<PersonId>& in_mailmap, std::ofstream& out) {
    std::vector<bool> mailmap(people_.count());
    for (PersonId id : in_mailmap) mailmap[id] = true;
    section();
    json_.begin_array("identities");
    for (PersonId id = 0; id < people_.count(); ++id) {
      const Identity who = people_.identity(id);
      if (people_[id].standing == Standing::bot || (who.emails.size() < 2 && who.names.size() < 2)) continue;
      json_.new_line();
      json_.begin_object();
      json_.add("login", who.login);
      json_.add("id", who.account);
      json_.begin_array("names");
      for (const std::string& name : who.names) json_.add("", name);
      json_.end_array();
      json_.begin_array("emails");
      for (const std::string& email : who.emails) json_.add("", email);
      json_.end_array();
      json_.add("in_mailmap", mailmap[id]);
      json_.end_object();
      if (json_.text().size() > 1 << 20) flush(out);
    }
    json_.end_array();
    section();
    json_.begin_array("same_name");  // different people, whose logins follow
    std::vector<std::pair<std::uint32_t, PersonId>> names;
    for (PersonId id = 3; id < people_.count() && id < 20000; ++id)
      names.push_back({people_[id].given * 1000U + people_[id].family, id});
    std::sort(names.begin(), names.end());
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (names[i].first != names[i - 1].first) continue;
      json_.begin_array();
      json_.add("", people_.login(names[i - 1].second));
      json_.add("", people_.login(names[i].second));
      json_.end_array();
    }
    json_.end_array();
  }

  void flush(std::ofstream& out) {
    // The last character stays, as it decides about the next comma.
    std::string text = json_.text();
    out.write(text.data(), static_cast<std::streamsize>(text.size() - 1));
    json_.clear();
    json_.restart(text.back());
  }

 private:
  void expert(PersonId person, double weight) {
    json_.begin_object();
    json_.add("login", people_.login(person));
    json_.begin_array("names");
    for (const std::string& name : people_.identity(person).names) json_.add("", name);
    json_.end_array();
    json_.add("core", people_[person].standing >= Standing::core);
    json_.add("weight", weight);
    time("since", people_[person].joined);
    json_.end_object();
  }

  const People& people_;
  const Calendar& calendar_;
  JsonText json_;
};

void add_builders(TruthWriter& writer, const Ci& ci, const Builders& builders) {
  JsonText& json = writer.json();
  const auto& names = builders.names();
  json.begin_array("flaky_tests");
  for (const auto& flaky : builders.flaky()) {
    json.new_line();
    json.begin_object();
    json.add("name", ci.name(flaky.test));
    json.add("rate", flaky.rate);
    writer.time("from", flaky.from);
    writer.time("until", flaky.until);
    json.add("by_order", flaky.by_order);
    json.begin_array("on");
    for (std::size_t i = 0; i < names.size(); ++i)
      if (flaky.on[i]) json.add("", names[i]);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  writer.section();
  json.begin_array("outages");
  for (const auto& outage : builders.outages()) {
    json.new_line();
    json.begin_object();
    json.add("builder", names[outage.builder]);
    writer.time("from", outage.from);
    writer.time("until", outage.until);
    json.add("tests", outage.share);
    json.add("runs", outage.often);
    json.end_object();
  }
  json.end_array();
}

void add_flaky(TruthWriter& writer, const Ci& ci) {
  JsonText& json = writer.json();
  json.begin_array("flaky_tests");
  for (const FlakyTest& flaky : ci.flaky()) {
    json.new_line();
    json.begin_object();
    json.add("name", ci.name(flaky.test));
    json.add("rate", flaky.rate);
    writer.time("from", flaky.from);
    writer.time("until", flaky.until);
    json.end_object();
  }
  json.end_array();
}

void add_ci(TruthWriter& writer, const Ci& ci) {
  JsonText& json = writer.json();
  writer.section();
  writer.time("ci_runs_kept_since", ci.kept_since());
  if (ci.builders())
    add_builders(writer, ci, *ci.builders());
  else
    add_flaky(writer, ci);
  writer.section();
  json.begin_array("breakages");
  for (const Breakage& breakage : ci.breakages()) {
    json.new_line();
    json.begin_object();
    json.add("test", ci.name(breakage.test));
    json.add("broken_by", breakage.broken_by);
    json.add("pull", breakage.pull);
    writer.time("from", breakage.from);
    if (breakage.until) {
      json.add("fixed_by", breakage.fixed_by);
      writer.time("until", *breakage.until);
    }
    json.end_object();
  }
  json.end_array();
}

void add_benchmarks(TruthWriter& writer, const Benchmarks& benchmarks) {
  JsonText& json = writer.json();
  writer.section();
  json.begin_array("benchmarks");
  for (const Benchmark& benchmark : benchmarks.list()) {
    json.new_line();
    json.begin_object();
    json.add("name", benchmark.name);
    json.add("unit", benchmark.unit);
    json.add("noise", benchmark.noise);
    json.add("factor_on_new_machine", benchmark.on_new_machine);
    json.end_object();
  }
  json.end_array();
  writer.section();
  writer.time("machine_changed_at", benchmarks.machine_changed());
  json.begin_array("benchmark_changes");
  for (const BenchmarkChange& change : benchmarks.changes()) {
    if (change.commit.empty()) continue;
    json.new_line();
    json.begin_object();
    json.add("benchmark", benchmarks.list()[change.benchmark].name);
    json.add("sha", change.commit);
    json.add("pull", change.pull);
    writer.time("at", change.at);
    json.add("factor", change.factor);
    json.end_object();
  }
  json.end_array();
}

void add_links(TruthWriter& writer, const Truth& truth) {
  JsonText& json = writer.json();
  writer.section();
  json.begin_array("duplicates");
  for (const Truth::Duplicate& duplicate : truth.duplicates) {
    json.begin_object();
    json.add("issue", duplicate.issue);
    json.add("original", duplicate.original);
    json.add("noticed", duplicate.noticed);
    json.end_object();
  }
  json.end_array();
  writer.section();
  json.begin_array("reverts");
  for (const auto& [reverting, reverted] : truth.reverts) {
    json.begin_object();
    json.add("sha", reverting);
    json.add("reverted", reverted);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_truth(const std::filesystem::path& file, const SimulationOptions& options, const SimulationSummary& summary,
                 const Calendar& calendar, const People& people, const History& history, const Ci& ci,
                 const Benchmarks& benchmarks, const Truth& truth) {
  std::ofstream out(file, std::ios::binary);
  TruthWriter writer(people, calendar);
  JsonText& json = writer.json();
  json.begin_object("options");
  json.add("seed", options.seed);
  json.add("issues", options.issues);
  json.add("years", options.years);
  writer.time("end", options.end);
  json.add("repository", options.repository);
  json.end_object();
  writer.section();
  json.begin_object("summary");
  json.add("issues", summary.issues);
  json.add("pulls", summary.pulls);
  json.add("pulls_in_repository", options.repository ? truth.material_pulls : 0);
  json.add("commits", summary.commits);
  json.add("people", summary.people);
  json.add("events", summary.events);
  json.add("comments", summary.comments);
  json.add("reviews", summary.reviews);
  json.add("ci_runs", summary.ci_runs);
  json.add("benchmarks", summary.benchmarks);
  json.end_object();
  writer.resident(truth, residency_of(options.resident_effect));
  writer.waiting();
  writer.newcomers(truth);
  writer.experts();
  writer.people();
  add_ci(writer, ci);
  add_benchmarks(writer, benchmarks);
  add_links(writer, truth);
  writer.identities(history.in_mailmap(), out);
  json.end_object();
  json.new_line();
  out << json.text();
  out.close();
  if (!out) throw Error("cannot write " + file.string(), "is the disk full?");
}

}  // namespace resident::simulation

// What is listed for a repository as a whole: workflow runs, labels, milestones, releases, code owners.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/codeowners_line.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/decode/decode.hpp>
#include <sources/github/list_walk.hpp>
#include <store/ci_conclusion.hpp>

namespace resident::github {

namespace {

constexpr std::int64_t kMostRuns = 1000;          // of workflow runs, newest first
constexpr std::size_t kMostJobRequests = 40;      // one a failed run
constexpr Timestamp kJobsSince = 14 * kDay;       // runs whose jobs are asked for
constexpr Timestamp kArtifactsSince = 90 * kDay;  // GitHub keeps them for so long, unless told otherwise
const char* const kJobsAgain = "jobs-set-aside";
const char* const kOwners = "file/CODEOWNERS";

CiRunRecord run_object(const json::Object& object) {
  CiRunRecord run;
  run.kind = "workflow_run";
  run.key = fmt::format("run/{}", object.integer("id").value_or(0));
  run.name = object.text("name");
  run.sha = object.text("head_sha");
  run.branch = object.text("head_branch");
  run.status = object.text("status").empty() ? "completed" : object.text("status");
  run.conclusion = object.text("conclusion");
  run.started_at = object.time("run_started_at");
  if (run.status == "completed") run.finished_at = object.time("updated_at");
  run.attempt = object.integer("run_attempt");
  run.trigger_event = object.text("event");
  run.url = object.text("html_url");
  return run;
}

CiRunRecord job_object(const json::Object& object, const std::string& run_id) {
  CiRunRecord job;
  job.kind = "job";
  job.key = fmt::format("job/{}", object.integer("id").value_or(0));
  job.parent_key = "run/" + run_id;
  job.name = object.text("name");
  job.sha = object.text("head_sha");
  job.branch = object.text("head_branch");
  job.status = object.text("status").empty() ? "completed" : object.text("status");
  job.conclusion = object.text("conclusion");
  job.started_at = object.time("started_at");
  job.finished_at = object.time("completed_at");
  job.attempt = object.integer("run_attempt");
  job.url = object.text("html_url");
  return job;
}

}  // namespace

// Reads the list down to where it is known; returns the runs whose jobs are worth asking for.
std::vector<std::string> Reader::runs_that_failed(const std::optional<std::string>& known) {
  std::string newest = known.value_or("");
  std::vector<std::string> failed;
  ListWalk walk(*this, repository_url("/actions/runs?per_page=100"));
  bool reached = false;
  for (std::int64_t runs = 0; runs < kMostRuns && !reached;) {
    const auto list = walk.next();
    if (!list) break;
    std::size_t entry = 0;
    for (const json::Element element : list->items) {
      ++runs;
      try {
        const json::Object object(element, "run");
        const std::string updated = object.text("updated_at");
        if (known && updated < *known) reached = true;
        const CiRunRecord run = run_object(object);
        if (updated > newest) newest = updated;
        const std::string print = fmt::format("{}/{}/{}", updated, run.status, run.conclusion);
        if (!writer_.seen(run.key, print)) {
          writer_.ci_run(run);
          writer_.mark(run.key, print);
          if (run.finished_at && *run.finished_at > now() - kArtifactsSince)
            ended_runs_.push_back(run.key.substr(run.key.find('/') + 1));
          if (is_failure(run.conclusion) && run.started_at && *run.started_at > now() - kJobsSince)
            failed.push_back(run.key.substr(run.key.find('/') + 1));
        }
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        walk.add_gap(entry, error.what());
      }
      ++entry;
    }
  }
  set_aside_.places("workflow runs", walk.gaps());
  // Behind a gap may be what is not known: the next sync reads down to the same place.
  if (!newest.empty() && walk.gaps().empty()) writer_.set_stream("runs", newest, "current");
  return failed;
}

void Reader::workflow_runs() {
  std::vector<std::string> failed = runs_that_failed(writer_.stream_cursor("runs"));
  if (failed.size() > kMostJobRequests) failed.resize(kMostJobRequests);
  const std::string before = writer_.stream_cursor(kJobsAgain).value_or("");
  std::set<std::string> again;
  for (const auto part : split(before, ','))
    if (!part.empty()) again.insert(std::string(part));
  for (const auto& id : std::set<std::string>(again)) failed.push_back(id);
  for (const auto& id : failed) {
    const bool is_whole = each_past_gaps(repository_url(fmt::format("/actions/runs/{}/jobs?per_page=100", id)),
                                         fmt::format("jobs of run {}", id),
                                         [&](const json::Object& object) { writer_.ci_run(job_object(object, id)); });
    if (is_whole) {
      again.erase(id);
    } else {
      again.insert(id);
    }
  }
  while (again.size() > kMostJobRequests) again.erase(again.begin());  // the oldest runs
  const std::string after = fmt::format("{}", fmt::join(again, ","));
  if (after != before) writer_.set_stream(kJobsAgain, after, "current");
  wait_for_artifacts();
  checkpoint();
}

void Reader::owners(const std::string& text) {
  // What an older reader made of the same text is read again.
  const std::string print = fingerprint("2\n" + text);
  if (writer_.seen("codeowners", print)) return;
  std::vector<CodeownerRecord> list;
  std::int64_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    auto read = codeowners_line(line);
    if (!read) continue;
    CodeownerRecord record;
    record.line = number;
    record.pattern = std::move(read->pattern);
    record.owners = std::move(read->owners);
    list.push_back(std::move(record));
  }
  writer_.codeowners(list);
  writer_.mark("codeowners", print);
}

void Reader::labels_milestones_releases_owners() {
  each_if_changed(repository_url("/labels?per_page=100"), "labels", [&](const json::Object& object) {
    const LabelRecord label{object.required_text("name"), object.text("color"), object.text("description")};
    const std::string print = fingerprint(label.color + "\n" + label.description);
    if (writer_.seen("label/" + label.name, print)) return;
    writer_.label(label);
    writer_.mark("label/" + label.name, print);
  });
  each_if_changed(repository_url("/milestones?state=all&per_page=100"), "milestones", [&](const json::Object& object) {
    const MilestoneRecord milestone{object.required_text("title"), object.text("state"), object.time("due_on")};
    const std::string print = fmt::format("{}/{}", milestone.state, milestone.due_at.value_or(0));
    if (writer_.seen("milestone/" + milestone.title, print)) return;
    writer_.milestone(milestone);
    writer_.mark("milestone/" + milestone.title, print);
  });
  each_if_changed(repository_url("/releases?per_page=100"), "releases", [&](const json::Object& object) {
    ReleaseRecord release;
    release.key = fmt::format("{}", object.integer("id").value_or(0));
    release.tag = object.required_text("tag_name");
    release.name = object.text("name");
    release.body = object.text("body");
    release.url = object.text("html_url");
    release.author = person(object, "author");
    release.is_draft = object.boolean("draft");
    release.is_prerelease = object.boolean("prerelease");
    release.created_at = object.time("created_at");
    release.published_at = object.time("published_at");
    const std::string print = fingerprint(release.tag + "\n" + release.name + "\n" + release.body);
    if (writer_.seen("release/" + release.key, print)) return;
    writer_.release(release);
    writer_.mark("release/" + release.key, print);
  });
  bool owners_fail = false;
  for (const char* place : {"/.github/CODEOWNERS", "/CODEOWNERS", "/docs/CODEOWNERS"}) {
    // As JSON rather than raw: a text that was cut short does not say so.
    try {
      const Document file = document(repository_url(fmt::format("/contents{}", place)), "content");
      if (!file.is_there()) continue;
      owners(mail::decode_base64(file.object().text("content")));
    } catch (const http::ServerTrouble& trouble) {
      look_whether_it_answers();
      owners_fail = true;
      writer_.quarantine(
          kOwners, fmt::format("the forge fails whenever it is asked for {}; the next sync tries again: {}", place,
                               trouble.what()));
    }
    break;
  }
  if (!owners_fail) writer_.readmit(kOwners);
  checkpoint();
  keep_validators();
}

}  // namespace resident::github

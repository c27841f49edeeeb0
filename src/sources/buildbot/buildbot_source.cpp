// `resident add buildbot:https://HOST[/PATH]`: a Buildbot master by its REST API, version 2: builds with their
// revision, branch, worker and times; steps of those that did not succeed. Requests: a page of 100 builds, and for each
// that did not succeed 1 for its steps; 1 more where the revision stands in the build's changes alone. Builds are read
// in order of their number, so a run that was stopped goes on where it was; what was still running is asked for again.
// https://docs.buildbot.net/latest/developer/rest.html
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <map>
#include <sources/buildbot/buildbot_objects.hpp>
#include <sources/forge/api.hpp>
#include <sources/source.hpp>

namespace resident {

namespace {

using json::Object;

constexpr live::ApiShape kShape{"buildbot", "/api/v2"};
constexpr std::int64_t kPageSize = 100;
// Running for longer than this, a build is taken for forgotten: a master that was killed leaves such. It is not waited
// for.
constexpr Timestamp kForgotten = 7 * kDay;

class Buildbot : public Source {
 public:
  explicit Buildbot(const std::string& location) : place_(live::parse_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    now_ = options_.clock ? options_.clock->now() : SystemClock().now();
    builders(api);
    const auto known = writer.stream_cursor("builds");
    std::int64_t done = known ? parse_number(*known) : 0;
    std::int64_t after = done;
    const std::string since = options_.since && !known ? fmt::format("&started_at__gt={}", *options_.since) : "";
    bool is_unbroken = true;
    for (;;) {
      // What meta.total says is the number of rows sent: only a short page is the last.
      const auto page = api.get(
          address(fmt::format("/builds?buildid__gt={}&order=buildid&limit={}&property=*{}", after, kPageSize, since)));
      if (!page)
        throw Error(ErrorKind::failed, fmt::format("there is no Buildbot at {}", one_line(place_.location())),
                    "give the address under which its web page stands");
      const auto list = Object(page->root(), "builds").array("builds");
      if (!list || list->size() == 0) break;
      const std::int64_t before = after;
      for (const json::Element element : *list) {
        const auto build = read(api, element, writer);
        if (!build) continue;
        after = std::max(after, build->id);
        is_unbroken = is_unbroken && (build->is_complete || is_forgotten(*build));
        if (is_unbroken) done = after;
      }
      writer.set_stream("builds", std::to_string(done), "current");
      writer.checkpoint("");
      if (list->size() < static_cast<std::size_t>(kPageSize) || after == before) break;
    }
    return {};
  }

  std::string coverage() const override {
    return options_.since ? fmt::format("builds begun after {}", format_time(*options_.since)) : std::string();
  }

 private:
  std::string address(const std::string& path) const { return place_.location() + std::string(kShape.path) + path; }

  static std::int64_t parse_number(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  bool is_forgotten(const buildbot::Build& build) const {
    return build.run.started_at && now_ - *build.run.started_at > kForgotten;
  }

  void builders(live::Api& api) {
    const auto page = api.get(address("/builders"));
    if (!page)
      throw Error(ErrorKind::failed, fmt::format("there is no Buildbot at {}", one_line(place_.location())),
                  "give the address under which its web page stands");
    const auto list = Object(page->root(), "builders").array("builders");
    if (!list) return;
    for (const json::Element element : *list) {
      const Object builder(element, "builder");
      builders_[builder.required_integer("builderid")] = builder.text("name");
    }
  }

  // Nothing where it cannot be read: set aside, and the rest read on.
  std::optional<buildbot::Build> read(live::Api& api, const json::Element& element, Writer& writer) {
    std::string name = "build/?";
    try {
      const Object object(element, "build");
      const std::int64_t id = object.required_integer("buildid");
      name = fmt::format("build/{}", id);
      buildbot::Build build = buildbot::build(object, builders_, place_.location());
      const std::string print = fingerprint(live::minified(element));
      if (writer.seen(name, print)) return build;
      if (build.run.sha.empty() && build.is_complete) build.run.sha = revision_of_changes(api, id);
      writer.ci_run(build.run);
      if (build.is_complete && build.run.conclusion != "success") steps(api, build, writer);
      writer.mark(name, print);
      return build;
    } catch (const Error& error) {
      if (!live::is_of_one_record(error)) throw;
      writer.quarantine(name, error.what());
      return std::nullopt;
    }
  }

  void steps(live::Api& api, const buildbot::Build& build, Writer& writer) {
    constexpr std::size_t kMostSteps = 500;
    const auto page = api.get(address(fmt::format("/builds/{}/steps", build.id)));
    if (!page) return;
    const auto list = Object(page->root(), "steps").array("steps");
    if (!list) return;
    std::size_t count = 0;
    for (const json::Element element : *list)
      if (count++ < kMostSteps) writer.ci_run(buildbot::step(Object(element, "step"), build.run));
  }

  std::string revision_of_changes(live::Api& api, std::int64_t id) {
    const auto page = api.get(address(fmt::format("/builds/{}/changes", id)));
    if (!page) return {};
    const auto list = Object(page->root(), "changes").array("changes");
    std::string revision;
    if (list)
      for (const json::Element element : *list) revision = Object(element, "change").text("revision");
    return revision;
  }

  live::Place place_;
  SyncOptions options_;
  Timestamp now_ = 0;
  std::map<std::int64_t, std::string> builders_;
};

std::string normal_location(const std::string& text) {
  return live::parse_place(text).location();
}

std::string project_name(const std::string& location) {
  const live::Place place = live::parse_place(location);
  return place.path.empty() ? place.host : std::string(split(place.path, '/').back());
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Buildbot>(location);
}

}  // namespace

extern const SourceKind buildbot_source;
const SourceKind buildbot_source{
    "buildbot", "https://HOST[/PATH]", "a Buildbot master, live: builds, their revisions, steps that failed",
    make,       normal_location,       project_name};

}  // namespace resident

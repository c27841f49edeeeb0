// GitHub, live: over GraphQL with a token, over REST without one.
#include <fmt/format.h>

#include <base/error.hpp>
#include <net/forge.hpp>
#include <sources/github/reader.hpp>

namespace resident {

namespace {

class GithubSource : public Source {
 public:
  explicit GithubSource(std::string location) : location_(std::move(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    const Config nothing;
    const Config& config = options_.config ? *options_.config : nothing;
    const ForgeLocation location = parse_forge_location(config, "github", location_);
    const TokenFound found = find_token(config, location.host, location.token_variables());
    const auto client = forge_client(config, location, found.token, options_.max_wait);
    github::Reader reader(options_, location, *client, writer);
    coverage_ = found.token.empty() ? github::read_by_rest(reader) : github::read_by_graphql(reader);
    return "github";
  }

  std::string coverage() const override { return coverage_; }

 private:
  std::string location_, coverage_;
  SyncOptions options_;
};

std::string normal_location(const std::string& location) {
  const ForgeLocation parsed = parse_forge_location(Config(), "github", location);
  return parsed.host == "github.com" ? parsed.path : parsed.web_url;
}

std::string project_name(const std::string& location) {
  return location.substr(location.rfind('/') + 1);
}

}  // namespace

extern const SourceKind github_source;
const SourceKind github_source{
    "github",
    "OWNER/NAME",
    "issues, pull requests, reviews, CI and discussions from GitHub; https://HOST/OWNER/NAME for Enterprise",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<GithubSource>(location); },
    normal_location,
    project_name,
    true};

}  // namespace resident

// resident site: the pages about the project as a site of files.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <chrono>
#include <cli/options.hpp>
#include <cli/site/site.hpp>

namespace resident {

namespace {

int run(const Invocation& invocation, const site::Wishes& wishes) {
  const auto begun = std::chrono::steady_clock::now();
  const auto database = invocation.open(Access::read);
  const site::Outcome outcome = site::write_site(invocation, *database, wishes);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  for (const std::string& note : outcome.notes) invocation.err << one_line(note) << "\n";
  invocation.err << fmt::format("{}: {} written, {} kept, {} removed, in {:.2f} s{}\n", one_line(wishes.folder),
                                plural(static_cast<long long>(outcome.written), "file"), outcome.kept, outcome.removed,
                                seconds.count(), outcome.is_as_before ? " (nothing it is made of has changed)" : "");
  return 0;
}

std::function<int()> declare_site(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  app.add_option("--as-of", invocation.as_of,
                 "As it was at that moment; without it, when its sources were read, or where the data ends")
      ->type_name("DATE");
  auto wishes = std::make_shared<site::Wishes>();
  app.add_option("folder", wishes->folder, "The folder; it is made where it is not there")
      ->required()
      ->type_name("DIR");
  app.add_option("--base-url", wishes->base_url,
                 "Where the site will stand: needed for the feed and for pictures of links (also: site.base_url)")
      ->type_name("URL");
  takes_whole_number(
      app.add_option("--weeks", wishes->weeks, "Weekly reports; those that were written before stay beside them")
          ->type_name("N")
          ->capture_default_str(),
      1, 5200);
  return [&invocation, wishes] { return run(invocation, *wishes); };
}

}  // namespace

extern const Command site_command;
const Command site_command{
    "site", "Write the pages about the project as a site of files, for any web server",
    "For everybody to read: no plan, no notes, no queues, people as site.people says (nobody without it), no e-mail "
    "addresses. Only files that changed are written.\nExample: resident site public --project demo --base-url "
    "https://example.org/demo/",
    declare_site};

}  // namespace resident

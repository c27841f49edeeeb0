#include <gtest/gtest.h>

#include <cli/command.hpp>
#include <sstream>

namespace resident {
namespace {

TEST(Commands, AreAllDocumented) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  for (const Command* command : commands()) {
    CLI::App* sub = app.get_subcommand(command->name);
    EXPECT_FALSE(sub->get_description().empty()) << command->name;
    EXPECT_NE(sub->get_footer().find("Example: "), std::string::npos) << command->name << " shows no example";
    for (const auto* option : sub->get_options())
      EXPECT_FALSE(option->get_description().empty()) << command->name << " " << option->get_name();
  }
}

TEST(Commands, StandInTheManualAndInCompletion) {
  for (const char* kind : {"man", "completion"}) {
    std::ostringstream out, err;
    const FixedClock clock(0);
    Invocation invocation{out, err, clock};
    ASSERT_EQ(run_command_line({kind}, invocation), 0) << err.str();
    for (const Command* command : commands())
      EXPECT_NE(out.str().find(command->name), std::string::npos) << kind << " lacks " << command->name;
  }
}

TEST(Commands, ErrorsHaveTheirExitCode) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  EXPECT_EQ(run_command_line({"nonsense"}, invocation), 2);
  EXPECT_EQ(run_command_line({}, invocation), 2);
  EXPECT_EQ(run_command_line({"status", "--db", "/nowhere/x.db"}, invocation), 1);
  EXPECT_EQ(run_command_line({"--help"}, invocation), 0);
}

}  // namespace
}  // namespace resident

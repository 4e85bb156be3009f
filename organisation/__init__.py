"""Units, people, memberships, and the answer to "may this user do that here?"."""

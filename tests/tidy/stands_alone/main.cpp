// Everything of domain and workflows, linked with the standard library and nothing else. If this does not link, one of them reaches out of its room.
int main() {}

package bank.identity.model;

/// Kinds of users as the bank's staff name them, a dictionary (original: User_type).
public enum UserType {
    /// Client.
    CLIENT(1, Role.CLIENT, "клиент", "client"),
    /// Operator of remote banking, an employee.
    DBO_OPERATOR(2, Role.EMPLOYEE, "оператор ДБО", "remote banking operator"),
    /// Employee.
    EMPLOYEE(3, Role.EMPLOYEE, "сотрудник банка", "bank employee"),
    /// Administrator.
    ADMIN(4, Role.ADMIN, "администратор", "administrator");

    private final int id;
    private final Role role;
    private final String nameRu;
    private final String nameEn;

    UserType(int id, Role role, String nameRu, String nameEn) {
        this.id = id;
        this.role = role;
        this.nameRu = nameRu;
        this.nameEn = nameEn;
    }

    /// Number in the dictionary.
    public int id() {
        return id;
    }

    /// Role such a user has.
    public Role role() {
        return role;
    }

    /// Name in Russian.
    public String nameRu() {
        return nameRu;
    }

    /// Name in English.
    public String nameEn() {
        return nameEn;
    }
}

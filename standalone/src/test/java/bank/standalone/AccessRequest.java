package bank.standalone;

import java.util.LinkedHashMap;
import java.util.Map;

/// What is asked of each rpc to see whom it lets in.
///
/// `$user`, `$email`, `$session`, `$organization`, `$document`, `$loose` (a document without a hold), `$contract` and
/// `$upload` stand for what somebody has, so that a request with one of them tells owners and others apart. `$worker`
/// is an employee, `$client` an OAuth client, `$fresh` a word that was never used, `$refresh` an unspent refresh
/// token.
///
/// @param json the request; of one that takes files, what goes before them
/// @param shows what the answer holds when the rpc was let do its work; behind a `!` the reason of the failure that
/// only
///     such a call can have
record AccessRequest(String json, String shows) {
    // An rpc a line: name, request, what shows.
    private static final String TABLE = """
            AuditService.ListAuditEvents {"page_size":1} "events"
            AuditService.VerifyAudit {"count":10} "whole"
            AuthService.Register {"email":"$fresh@example.com","password":"demo-Passw0rd-2026"} "id"
            AuthService.Login {"email":"client2@demo.test","password":"demo-Passw0rd-2026"} "access_token"
            AuthService.Refresh {"refresh_token":"$refresh"} "access_token"
            AuthService.Logout {} {}
            AuthService.ChangePassword {"current_password":"demo-Passw0rd-2026","password":"other-Passw0rd-2026"} {}
            ContractService.CreateContract {"user_id":$user,"description":"x"} "user_id":$user,
            ContractService.GetContract {"id":$contract} "contract_id":$contract,
            ContractService.ListContracts {"user_id":$user} "contract_id":$contract,
            ContractService.UpdateContract {"id":$contract,"description":"x"} "contract_id":$contract,
            ContractService.SetContractStatus {"id":$contract,"status":"active"} "contract_id":$contract,
            ContractService.LinkDocument {"id":$contract,"document_id":$document} "document_id":$document,
            ContractService.SetLinkStatus {"id":$contract,"document_id":$document,"status":"active"} "document_id":$document,
            ContractService.ListContractDocuments {"id":$contract} "document_id":$document,
            DocumentHoldService.HoldDocument {"document_id":$document,"holder":"access","generation":1} "held"
            DocumentHoldService.ReleaseDocument {"document_id":$document,"holder":"access","generation":1} "held"
            DocumentReviewService.GetDocument {"id":$document} "id":$document,
            DocumentReviewService.SearchDocuments {"user_id":$user} "id":$document,
            DocumentReviewService.SetDocumentStatus {"id":$document,"status":"processing","worker_id":$worker} "document_id":$document,
            DocumentReviewService.BatchUploadDocuments {"documents":[{"user_id":$user}]} "processed_count":1,
            DocumentReviewService.WatchDocuments {"user_id":$user} "id"
            DocumentReviewService.ListVersions {"id":$document} "version":1,
            DocumentReviewService.GetDocumentHistory {"id":$document} "type":"uploaded"
            DocumentService.UploadDocument {"description":"x"} "document_id"
            DocumentService.CreateUpload {"file_name":"scan.png","size_bytes":1000} "upload_id"
            DocumentService.FinishUpload {"upload_id":"$upload"} "document_id"
            DocumentService.ListUserDocuments {"user_id":$user} "id":$document,
            DocumentService.UpdateDocument {"id":$document,"description":"x"} "document_id":$document,
            DocumentService.DeleteDocument {"id":$loose} "message"
            DocumentService.DownloadDocument {"id":$document} "http_status":200
            DocumentService.ReplaceContent {"id":$document} "document_id":$document,
            DocumentService.BatchGetDocuments {"ids":[$document]} "id":$document,
            DocumentService.ListDocumentCategories {} "entries"
            DocumentService.CreateDocumentCategory {"code":"$fresh","name_ru":"$fresh","name_en":"$fresh"} "code"
            DocumentService.ListOperationStatuses {} "entries"
            ExternalIdentityService.LinkExternalIdentity {"user_id":1,"issuer":"https://nobody.test","subject":"x"} !INVALID_FIELD
            ExternalIdentityService.UnlinkExternalIdentity {"id":1} !NOT_FOUND
            ExternalIdentityService.GetExternalIdentity {"id":1} !NOT_FOUND
            ExternalIdentityService.ListExternalIdentities {"user_id":1} "identities"
            HmrcService.GetTaxpayer {"nin":"AB654321A"} "nin"
            HmrcService.ReportDeath {"nin":"CE204811A","state":"removed"} "reference"
            NhsService.ListPatients {} "patients"
            NhsService.GetPatient {"nhs_number":"9434765919"} "nhs_number"
            NhsService.ListSlots {} "slots"
            NhsService.BookAppointment {"slot_id":9007199254740991,"nhs_number":"9434765919"} !SLOT_NOT_FOUND
            NhsService.GetAppointment {"id":9007199254740991} !APPOINTMENT_NOT_FOUND
            NhsService.CancelAppointment {"id":9007199254740991} !APPOINTMENT_NOT_FOUND
            NhsService.ListAppointments {} "appointments"
            OAuthClientService.CreateOAuthClient {"id":"$fresh","name":"x","type":"secret","grants":["client_credentials"]} "client"
            OAuthClientService.GetOAuthClient {"id":"$client"} "id":"$client"
            OAuthClientService.ListOAuthClients {} "clients"
            OAuthClientService.UpdateOAuthClient {"id":"$client","name":"x"} "id":"$client"
            OAuthClientService.DeleteOAuthClient {"id":"$client"} {}
            OAuthClientService.RotateOAuthClientSecret {"id":"$client"} "id":"$client"
            OAuthService.Exchange {"method":"GET","path":"/.well-known/jwks.json"} {
            OrganizationService.CreateOrganization {"name":"x","parent_id":$organization} "id"
            OrganizationService.GetOrganization {"id":$organization} "id":$organization,
            OrganizationService.UpdateOrganization {"id":$organization,"name":"x"} "id":$organization,
            OrganizationService.ListOrganizations {"page_size":200} "id":$organization,
            OrganizationService.ListOrganizationMembers {"organization_id":$organization} "user_id":$user,
            OrganizationService.AddOrganizationMember {"organization_id":$organization,"user_id":$user} "user_id":$user,
            OrganizationService.RemoveOrganizationMember {"organization_id":$organization,"user_id":$user} {}
            SessionService.ListSessions {"user_id":$user} "id":"$session"
            SessionService.RevokeSession {"user_id":$user,"session_id":"$session"} {}
            SessionService.RevokeAllSessions {"user_id":$user} {}
            SignInService.LiftPause {"user_id":$user} {}
            UserService.GetMe {} "user"
            UserService.ListUsers {"organization_id":$organization} "id":$user,
            UserService.GetUser {"id":$user} "id":$user,
            UserService.CreateUser {"email":"$fresh@example.com","password":"demo-Passw0rd-2026","organization_id":$organization} "id"
            UserService.UpdateUser {"id":$user,"first_name":"x"} "id":$user,
            UserService.SetUserRole {"id":$user,"role":"employee"} "id":$user,
            UserService.DeactivateUser {"id":$user,"reason":"x"} "id":$user,
            UserService.ActivateUser {"id":$user} "id":$user,
            UserService.ResetPassword {"id":$user,"password":"other-Passw0rd-2026"} {}
            UserService.LookupUsers {"ids":[$user]} "id":$user,
            UserService.ListFinancialPositions {} "entries"
            UserService.ListUserTypes {} "entries"
            VerificationService.GetVerification {"user_id":$user} !VERIFICATION_NOT_FOUND
            VerificationService.RetryVerification {"user_id":$user,"identifier_type":"nhs","identifier_value":"9434765919"} "user_id":$user,
            VerificationService.ListDeadLetters {} "verifications"
            VerificationService.ReplayDeadLetter {"user_id":1} !DEAD_LETTER_NOT_FOUND
            VerificationService.GetVerificationSubject {"user_id":1,"request_id":"0198c0de-0000-7000-8000-000000000000"} !VERIFICATION_NOT_FOUND
            VersionService.ListApiVersions {} "versions"
            """;

    /// By the rpc's full name.
    static Map<String, AccessRequest> all() {
        var all = new LinkedHashMap<String, AccessRequest>();
        TABLE.lines().forEach(line -> {
            var words = line.split(" ", 3);
            all.put("bank.v1." + words[0], new AccessRequest(words[1], words[2]));
        });
        return all;
    }

    /// It concerns what somebody has.
    boolean owned() {
        return AccessPeople.Holding.NAMES.stream().anyMatch(name -> json.contains(name) || shows.contains(name));
    }
}
